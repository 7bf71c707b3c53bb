using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Owned;

/// <summary>
/// The merge patch that makes parts of a live object exactly what a manifest says, without what others added to them. For the one case in which adding our fields to
/// theirs is refused: a probe with two handlers, a volume with two sources, two ports of one name. Pure.
/// </summary>
internal static class ExactPatch
{
    private static readonly string[] NeverTouched = ["apiVersion", "kind", "metadata", "status"];

    /// <summary>The patch; null when every part is as the manifest says, so that nobody's additions are to blame.</summary>
    public static ReadOnlyMemory<byte>? Between(ClusterObject live, Manifest desired)
    {
        var actual = JsonNode.Parse(live.Json.Span)!.AsObject();
        var patch = new JsonObject();
        foreach (var (name, wanted) in JsonNode.Parse(desired.Json.Span)!.AsObject().Where(member => !NeverTouched.Contains(member.Key)))
        {
            // One level down: of a spec only the parts that differ, so that what we say nothing about stays.
            if (wanted is not JsonObject parts || actual[name] is not JsonObject there)
            {
                continue;
            }

            var changed = parts.Where(part => !IsCovered(part.Key, part.Value, there[part.Key])).Select(part => KeyValuePair.Create(part.Key, Exactly(part.Value, there[part.Key]))).ToList();
            if (changed.Count > 0)
            {
                patch[name] = new JsonObject(changed);
            }
        }

        if (patch.Count == 0)
        {
            return null;
        }

        return Encoding.UTF8.GetBytes(patch.ToJsonString());
    }

    /// <summary>With its name, because what may stand beside ours depends on it.</summary>
    private static bool IsCovered(string part, JsonNode? wanted, JsonNode? there) => Coverage.IsCovered(Element(part, wanted), Element(part, there));

    private static JsonElement Element(string part, JsonNode? node) => JsonElement.Parse(new JsonObject { [part] = node?.DeepClone() }.ToJsonString());

    /// <summary>A merge patch replaces lists whole; in a map, what is not wanted is taken away by a null.</summary>
    private static JsonNode? Exactly(JsonNode? wanted, JsonNode? there)
    {
        if (wanted is not JsonObject members || there is not JsonObject existing)
        {
            return wanted?.DeepClone();
        }

        var patch = new JsonObject(existing.Where(member => !members.ContainsKey(member.Key)).Select(member => KeyValuePair.Create(member.Key, (JsonNode?)null)));
        foreach (var (name, value) in members)
        {
            patch[name] = Exactly(value, existing[name]);
        }

        return patch;
    }
}
