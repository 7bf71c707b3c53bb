using System.Security.Cryptography;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Owned;

/// <summary>A manifest with the owner's marks: owner reference and the applied annotation.</summary>
/// <param name="Manifest">What is applied.</param>
/// <param name="Applied">Value of the applied annotation.</param>
internal sealed record Decorated(Manifest Manifest, string Applied)
{
    /// <summary>
    /// Adds the marks. The annotation is a hash of the manifest, so that a field that is no longer wanted is noticed although the live object still covers the rest;
    /// of a Secret only the names of its keys are hashed, because a hash of a value that somebody can guess gives it away.
    /// </summary>
    public static Decorated Create(Manifest manifest, ClusterObject owner, OwnerMarks marks)
    {
        var body = JsonNode.Parse(manifest.Json.Span)!.AsObject();
        var applied = Hash(body, manifest.Type);
        var metadata = body["metadata"]!.AsObject();
        if (metadata["annotations"] is not JsonObject annotations)
        {
            metadata["annotations"] = annotations = [];
        }

        annotations[marks.AppliedAnnotation] = applied;
        if (marks.Owned)
        {
            metadata["ownerReferences"] = new JsonArray(new JsonObject
            {
                ["apiVersion"] = owner.Type.ApiVersion,
                ["kind"] = owner.Type.Kind,
                ["name"] = owner.Key.Name,
                ["uid"] = owner.Uid,
                ["controller"] = true,
                ["blockOwnerDeletion"] = true,
            });
        }

        return new Decorated(manifest with { Json = Bytes(body) }, applied);
    }

    /// <summary>The manifest for an object that is known: the API server refuses it for another incarnation.</summary>
    public Manifest For(ClusterObject seen)
    {
        var body = JsonNode.Parse(Manifest.Json.Span)!.AsObject();
        body["metadata"]!.AsObject()["uid"] = seen.Uid;
        return Manifest with { Json = Bytes(body) };
    }

    private static string Hash(JsonObject body, ResourceType type)
    {
        var text = body;
        if (type.Kind == ResourceTypes.Secret.Kind && type.Group.Length == 0)
        {
            text = body.DeepClone().AsObject();
            foreach (var member in (string[])["data", "stringData"])
            {
                if (text[member] is JsonObject data)
                {
                    text[member] = string.Join(',', data.Select(entry => entry.Key).Order(StringComparer.Ordinal));
                }
            }
        }

        return Convert.ToHexStringLower(SHA256.HashData(Bytes(text)))[..16];
    }

    private static byte[] Bytes(JsonNode node)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            node.WriteTo(writer);
        }

        return stream.ToArray();
    }
}
