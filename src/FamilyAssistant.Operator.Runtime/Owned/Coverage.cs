using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Owned;

/// <summary>
/// Whether a live object is as a manifest says, in the sense of server-side apply: every field of the manifest has its value there, whatever
/// other fields others have set, unless one of them excludes one of ours. Lists that Kubernetes merges by key are compared by key; all others element by element.
/// </summary>
internal static class Coverage
{
    // The first that fits: a volume mount has a name too, but one volume may be mounted several times.
    private static readonly string[][] ListKeys =
        [["mountPath"], ["name"], ["containerPort", "protocol"], ["port", "protocol"], ["uid"], ["ip"], ["type"], ["key", "operator", "effect"]];

    /// <summary>
    /// Members of one object of which it may have one only. Of workloads, older API servers do not check that: they store both, and no pod can be made any more.
    /// </summary>
    private static readonly string[][] Rivals =
    [
        ["exec", "httpGet", "tcpSocket", "grpc"],
        ["value", "valueFrom"],
        ["secretKeyRef", "configMapKeyRef", "fieldRef", "resourceFieldRef"],
        ["persistentVolumeClaim", "emptyDir", "configMap", "secret", "hostPath", "projected", "downwardAPI", "csi", "ephemeral", "nfs"],
    ];

    /// <summary>Members that are wrong with anything beside ours in them: one more label in a selector, and it selects nothing of ours.</summary>
    private static readonly string[] Whole = ["selector", "podSelector", "namespaceSelector", "matchLabels", "nodeSelector"];

    /// <summary>Whether <paramref name="live"/> covers <paramref name="desired"/>.</summary>
    public static bool IsCovered(JsonElement desired, JsonElement live) => IsCovered(desired, live, rivalsCount: true);

    /// <summary>Whether nothing but a member that excludes one of ours keeps <paramref name="live"/> from covering <paramref name="desired"/>: an apply does not take it away.</summary>
    public static bool OnlyRivalsDiffer(JsonElement desired, JsonElement live) =>
        !IsCovered(desired, live, rivalsCount: true) && IsCovered(desired, live, rivalsCount: false);

    private static bool IsCovered(JsonElement desired, JsonElement live, bool rivalsCount) => desired.ValueKind switch
    {
        JsonValueKind.Object => live.ValueKind == JsonValueKind.Object
            && desired.EnumerateObject().All(member => IsMemberCovered(member, live, rivalsCount))
            && !(rivalsCount && HasRival(desired, live)),
        JsonValueKind.Array => live.ValueKind == JsonValueKind.Array && IsListCovered(desired, live, rivalsCount),
        _ => IsEqual(desired, live),
    };

    private static bool HasRival(JsonElement desired, JsonElement live) => Rivals.Any(group =>
        group.Any(name => Has(desired, name)) && group.Any(name => Has(live, name) && !Has(desired, name)));

    private static bool HasMore(JsonElement live, JsonElement desired) =>
        live.ValueKind == JsonValueKind.Object && desired.ValueKind == JsonValueKind.Object && live.EnumerateObject().Any(member => Has(live, member.Name) && !Has(desired, member.Name));

    private static bool Has(JsonElement item, string name) => item.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null;

    private static bool IsMemberCovered(JsonProperty member, JsonElement live, bool rivalsCount)
    {
        if (live.TryGetProperty(member.Name, out var value))
        {
            return IsCovered(member.Value, value, rivalsCount) && !(rivalsCount && Whole.Contains(member.Name) && HasMore(value, member.Value));
        }

        // The API server stores neither empty maps, empty lists nor empty objects of most types.
        return member.Value.ValueKind switch
        {
            JsonValueKind.Object => !member.Value.EnumerateObject().Any(),
            JsonValueKind.Array => member.Value.GetArrayLength() == 0,
            JsonValueKind.False or JsonValueKind.Null => true,
            JsonValueKind.String => member.Value.ValueEquals(""),
            _ => false,
        };
    }

    private static bool IsListCovered(JsonElement desired, JsonElement live, bool rivalsCount)
    {
        var items = desired.EnumerateArray().ToList();
        var keys = items.Count == 0 ? null : Array.Find(ListKeys, keys => items.All(item => Key(item, keys) is not null));
        if (keys is null)
        {
            return items.Count == live.GetArrayLength() && items.Zip(live.EnumerateArray()).All(pair => IsCovered(pair.First, pair.Second, rivalsCount));
        }

        var found = new Dictionary<string, JsonElement>();
        foreach (var item in live.EnumerateArray())
        {
            if (Key(item, keys) is { } key)
            {
                found.TryAdd(key, item);
            }
        }

        return items.All(item => found.TryGetValue(Key(item, keys)!, out var value) && IsCovered(item, value, rivalsCount));
    }

    private static string? Key(JsonElement item, string[] keys)
    {
        if (item.ValueKind != JsonValueKind.Object || !item.TryGetProperty(keys[0], out var first))
        {
            return null;
        }

        // The protocol of a port is TCP where it is not said.
        return keys.Length == 1
            ? first.ToString()
            : string.Join('/', keys.Select(key => item.TryGetProperty(key, out var value) ? value.ToString() : key == "protocol" ? "TCP" : ""));
    }

    private static bool IsEqual(JsonElement desired, JsonElement live)
    {
        if (JsonElement.DeepEquals(desired, live))
        {
            return true;
        }

        // The API server rewrites quantities: "1000m" comes back as "1", 1 as "1".
        return desired.ValueKind is JsonValueKind.String or JsonValueKind.Number
            && live.ValueKind is JsonValueKind.String or JsonValueKind.Number
            && QuantityText.TryParse(desired.ToString(), out var one)
            && QuantityText.TryParse(live.ToString(), out var other)
            && one == other;
    }
}
