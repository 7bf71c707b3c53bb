using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An object without what the API server and the controllers of Kubernetes fill in: what the operator wants of it, and what people added.</summary>
internal static class SettledPicture
{
    private static readonly string[] ServerMetadata = ["uid", "resourceVersion", "generation", "creationTimestamp", "managedFields", "selfLink"];

    /// <summary>The comparable part, as text.</summary>
    public static string Of(JsonObject source)
    {
        var copy = source.DeepClone().AsObject();
        copy.Remove("status");
        var metadata = copy["metadata"]!.AsObject();
        foreach (var field in ServerMetadata)
        {
            metadata.Remove(field);
        }

        if (metadata["annotations"] is JsonObject annotations)
        {
            // A hash of what was written; whether the object is as written is what is compared here.
            annotations.Remove(WireNames.AppliedAnnotation);
            annotations.Remove("deployment.kubernetes.io/revision");
            if (annotations.Count == 0)
            {
                metadata.Remove("annotations");
            }
        }

        switch (copy["kind"]!.GetValue<string>())
        {
            case "Service":
                // Given by the API server to each Service anew.
                copy["spec"]!.AsObject().Remove("clusterIP");
                copy["spec"]!.AsObject().Remove("clusterIPs");
                break;
            case "ServiceAccount":
                copy.Remove("secrets");
                break;
            case "PersistentVolumeClaim":
                copy["spec"]!.AsObject().Remove("volumeName");
                metadata.Remove("annotations");
                break;
        }

        return Sorted(copy)!.ToJsonString(new() { WriteIndented = true });
    }

    private static JsonNode? Sorted(JsonNode? node) => node switch
    {
        JsonObject o => new JsonObject(o.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create(entry.Key, Sorted(entry.Value)))),
        JsonArray a => new JsonArray([.. a.Select(Sorted)]),
        _ => node?.DeepClone(),
    };
}
