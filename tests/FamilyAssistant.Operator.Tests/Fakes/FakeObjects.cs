using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>JSON of an object ↔ <see cref="ClusterObject"/>, as the API server and the runtime would have it.</summary>
internal static class FakeObjects
{
    public static ClusterObject ToClusterObject(ResourceType type, JsonObject source)
    {
        var metadata = source["metadata"]!.AsObject();
        var controller = metadata["ownerReferences"]?.AsArray().FirstOrDefault(owner => owner!["controller"]?.GetValue<bool>() == true);
        return new ClusterObject
        {
            Type = type,
            Key = new ObjectKey(metadata["namespace"]?.GetValue<string>() ?? "", metadata["name"]!.GetValue<string>()),
            Uid = metadata["uid"]!.GetValue<string>(),
            ResourceVersion = metadata["resourceVersion"]!.GetValue<string>(),
            Generation = metadata["generation"]?.GetValue<long>() ?? 0,
            IsTerminating = metadata["deletionTimestamp"] is not null,
            ControllerUid = controller?["uid"]?.GetValue<string>(),
            Labels = Map(metadata["labels"]),
            Annotations = Map(metadata["annotations"]),
            SpecManager = (string?)metadata["managedFields"]?.AsArray().FirstOrDefault(entry => entry!["fieldsV1"]?["f:spec"] is not null)?["manager"],
            Json = Encoding.UTF8.GetBytes(source.ToJsonString()),
        };
    }

    /// <summary>A JSON merge patch (RFC 7386): null removes, lists are replaced.</summary>
    public static void Merge(JsonObject target, JsonObject patch)
    {
        foreach (var (name, value) in patch)
        {
            if (value is null)
            {
                target.Remove(name);
            }
            else if (value is JsonObject inner && target[name] is JsonObject existing)
            {
                Merge(existing, inner);
            }
            else
            {
                target[name] = value.DeepClone();
            }
        }
    }

    /// <summary>Whether everything that is desired stands in what is there; lists must be equal.</summary>
    public static bool Contains(JsonNode? actual, JsonNode? desired) => desired switch
    {
        null => true,
        JsonObject members => actual is JsonObject there && members.All(member => Contains(there[member.Key], member.Value)),
        _ => JsonNode.DeepEquals(actual, desired),
    };

    private static Dictionary<string, string> Map(JsonNode? node) =>
        node is JsonObject map ? map.ToDictionary(entry => entry.Key, entry => entry.Value!.GetValue<string>()) : [];
}
