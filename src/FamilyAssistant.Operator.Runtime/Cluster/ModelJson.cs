using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using k8s.Models;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>
/// JSON of the client library's models. The library's own serialiser would do, but it knows every model there is: in a native build that is half of the executable,
/// and much of it stays in memory.
/// </summary>
public static class ModelJson
{
    /// <summary>The model as UTF-8 JSON; members that are null are left out.</summary>
    /// <exception cref="NotSupportedException">The kind is not listed here.</exception>
    public static byte[] Serialise<T>(T model) => JsonSerializer.SerializeToUtf8Bytes(model, TypeOf<T>());

    /// <summary>Reads a model.</summary>
    /// <exception cref="JsonException">It is not one.</exception>
    /// <exception cref="NotSupportedException">The kind is not listed here.</exception>
    public static T Deserialise<T>(ReadOnlySpan<byte> json) => JsonSerializer.Deserialize(json, TypeOf<T>())
        ?? throw new JsonException($"null is no {typeof(T).Name}.");

    private static JsonTypeInfo<T> TypeOf<T>() => (JsonTypeInfo<T>?)ModelJsonContext.Default.GetTypeInfo(typeof(T))
        ?? throw new NotSupportedException($"{typeof(T).Name} is not listed in {nameof(ModelJsonContext)}.");
}

/// <summary>The kinds that are read or written as models; add one before its first use.</summary>
[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull, AllowOutOfOrderMetadataProperties = true)]
[JsonSerializable(typeof(V1ConfigMap))]
[JsonSerializable(typeof(V1Deployment))]
[JsonSerializable(typeof(V1Ingress))]
[JsonSerializable(typeof(V1Job))]
[JsonSerializable(typeof(V1NetworkPolicy))]
[JsonSerializable(typeof(V1ObjectMeta))]
[JsonSerializable(typeof(V1PersistentVolumeClaim))]
[JsonSerializable(typeof(V1Pod))]
[JsonSerializable(typeof(V1Secret))]
[JsonSerializable(typeof(V1Service))]
[JsonSerializable(typeof(V1ServiceAccount))]
[JsonSerializable(typeof(V1StatefulSet))]
internal sealed partial class ModelJsonContext : JsonSerializerContext;
