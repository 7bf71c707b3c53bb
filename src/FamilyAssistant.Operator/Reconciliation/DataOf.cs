using System.Collections.ObjectModel;
using System.Text;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Keys and values of Secrets and ConfigMaps as bytes. Null stands for "no such object", never for "could not be read": that is an exception.</summary>
internal static class DataOf
{
    private static readonly IReadOnlyDictionary<string, byte[]> Empty = ReadOnlyDictionary<string, byte[]>.Empty;

    /// <summary>The data of a Secret; an object of which only the identity is known throws, so that it is never taken for an empty one.</summary>
    public static IReadOnlyDictionary<string, byte[]>? Secret(ClusterObject? secret) =>
        secret is null ? null : AsReadOnly(Readable(secret).Read<V1Secret>().Data);

    /// <summary>Text and binary data of a ConfigMap.</summary>
    public static IReadOnlyDictionary<string, byte[]>? ConfigMap(ClusterObject? configMap)
    {
        if (configMap is null)
        {
            return null;
        }

        var model = Readable(configMap).Read<V1ConfigMap>();
        var data = new Dictionary<string, byte[]>(AsReadOnly(model.BinaryData), StringComparer.Ordinal);
        foreach (var (key, text) in model.Data ?? ReadOnlyDictionary<string, string>.Empty)
        {
            data[key] = Encoding.UTF8.GetBytes(text);
        }

        return data;
    }

    /// <summary>The value of a key; null when there is no such object or key.</summary>
    public static byte[]? ValueOf(IReadOnlyDictionary<string, byte[]>? data, string key) =>
        data is not null && data.TryGetValue(key, out var value) ? value : null;

    private static IReadOnlyDictionary<string, byte[]> AsReadOnly(IDictionary<string, byte[]>? data) =>
        data is null ? Empty : data.AsReadOnly();

    private static ClusterObject Readable(ClusterObject source) =>
        source.Json.IsEmpty ? throw new InvalidOperationException($"The content of {source.Type.Kind} {source.Key} is not cached.") : source;
}
