using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>
/// The objects in the parts Configuration and Secrets, as they are made here. The text comes from a volume, so only what a set can hold is taken: ConfigMaps, Secrets and the one
/// instance, without owners, finalizers and status, in the restore's own namespace; of Secrets only those of plain types. Pure.
/// </summary>
internal sealed record SetObjects
{
    /// <summary>
    /// Types of Secrets that an instance can use. Others have powers of their own: the control plane fills one of the type for ServiceAccounts with a token of whatever account it names.
    /// </summary>
    private static readonly string[] Types = ["Opaque", "kubernetes.io/basic-auth", "kubernetes.io/dockercfg", "kubernetes.io/dockerconfigjson", "kubernetes.io/tls"];

    /// <summary>ConfigMaps and Secrets.</summary>
    public required IReadOnlyList<Manifest> Inputs { get; init; }

    /// <summary>The instance; null: the set holds none.</summary>
    public required Manifest? Instance { get; init; }

    /// <summary>Data of the Secret of generated keys; null: the set holds none.</summary>
    public required IReadOnlyDictionary<string, byte[]>? Generated { get; init; }

    /// <summary>Reads both parts; null when one of them is not what a set holds.</summary>
    /// <param name="configuration">Content of the part; null: not restored.</param>
    /// <param name="secrets">Content of the part; null: not restored.</param>
    /// <param name="namespace">Where they are made.</param>
    /// <param name="from">Name of the set's instance.</param>
    /// <param name="to">Name of the instance that is restored; names of the operator's own Secrets follow it.</param>
    /// <param name="restore">UID of the restore, which has its turn on an instance that it makes.</param>
    public static SetObjects? Of(byte[]? configuration, byte[]? secrets, string @namespace, string from, string to, string restore)
    {
        if (Items(configuration) is not { } settings || Items(secrets) is not { } keys)
        {
            return null;
        }

        List<Manifest> inputs = [];
        Manifest? instance = null;
        IReadOnlyDictionary<string, byte[]>? generated = null;
        foreach (var item in settings.Concat(keys))
        {
            switch ((string?)item["kind"])
            {
                case "ConfigMap" when NameOf(item) is { } name:
                    inputs.Add(Make(ResourceTypes.ConfigMap, item, @namespace, name, from, to, "data", "binaryData"));
                    break;
                case "Secret" when NameOf(item) is { } name && HasPlainType(item):
                    name = Own(name, from, to);
                    inputs.Add(Make(ResourceTypes.Secret, item, @namespace, name, from, to, "data", "type"));
                    generated = name == ObjectNames.GeneratedSecret(to) ? DataIn(item) : generated;
                    break;
                case var kind when kind == Kinds.Instance.Kind:
                    instance = Make(Kinds.Instance, item, @namespace, to, from, to, "spec");
                    break;
                default:
                    return null;
            }
        }

        return new SetObjects { Inputs = inputs, Instance = instance is null ? null : Claimed(instance, restore), Generated = generated };
    }

    /// <summary>Names that follow from the instance's.</summary>
    private static string Own(string name, string from, string to) =>
        name == ObjectNames.GeneratedSecret(from) ? ObjectNames.GeneratedSecret(to)
        : name == ObjectNames.ManagedDatabaseSecret(from) ? ObjectNames.ManagedDatabaseSecret(to)
        : name;

    private static Manifest Make(ResourceType type, JsonObject item, string @namespace, string name, string from, string to, params ReadOnlySpan<string> members)
    {
        var metadata = new JsonObject { ["namespace"] = @namespace, ["name"] = name };
        if (item["metadata"]?["labels"] is JsonObject labels && labels.Count > 0)
        {
            var copy = labels.DeepClone().AsObject();
            if ((string?)copy[WireNames.InstanceLabel] == from)
            {
                copy[WireNames.InstanceLabel] = to;
            }

            metadata["labels"] = copy;
        }

        // Other software acts on annotations of Secrets and ConfigMaps; what an instance needs of them is their data. Those of this operator are said by people, not by a volume.
        if (type == Kinds.Instance && item["metadata"]?["annotations"] is JsonObject annotations)
        {
            metadata["annotations"] = new JsonObject(annotations.Where(entry => !OwnedMetadata.IsOwnedAnnotation(entry.Key)).Select(entry => KeyValuePair.Create(entry.Key, entry.Value?.DeepClone())));
        }

        var json = new JsonObject { ["apiVersion"] = type.ApiVersion, ["kind"] = type.Kind, ["metadata"] = metadata };
        foreach (var member in members)
        {
            if (item[member] is { } value)
            {
                json[member] = value.DeepClone();
            }
        }

        return new Manifest(type, new ObjectKey(@namespace, name), Encoding.UTF8.GetBytes(json.ToJsonString()));
    }

    /// <summary>From its birth on it is the restore's turn, so that nothing of it starts before its data is there.</summary>
    private static Manifest Claimed(Manifest instance, string restore)
    {
        var json = JsonNode.Parse(instance.Json.Span)!.AsObject();
        var metadata = json["metadata"]!.AsObject();
        metadata.TryAdd("annotations", new JsonObject());
        metadata["annotations"]![WireNames.OperationAnnotation] = restore;
        return instance with { Json = Encoding.UTF8.GetBytes(json.ToJsonString()) };
    }

    private static IReadOnlyList<JsonObject>? Items(byte[]? list)
    {
        if (list is null)
        {
            return [];
        }

        try
        {
            return JsonNode.Parse(list) is JsonObject root && root["items"] is JsonArray items && items.All(item => item is JsonObject) ? [.. items.Select(item => item!.AsObject())] : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static bool HasPlainType(JsonObject secret) => secret["type"] is not { } type || (type is JsonValue text && text.TryGetValue<string>(out var name) && Types.Contains(name));

    private static string? NameOf(JsonObject item) => item["metadata"] is JsonObject metadata && metadata["name"] is JsonValue name && name.TryGetValue<string>(out var text) ? text : null;

    private static Dictionary<string, byte[]> DataIn(JsonObject item) => (item["data"] as JsonObject ?? []).ToDictionary(entry => entry.Key, entry => Convert.FromBase64String((string?)entry.Value ?? ""));
}
