using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>
/// An immutable snapshot of one object as the API server sent it. It keeps the JSON text, not a typed graph, so that a thousand
/// instances fit into little memory and no field that our types do not know is lost; readers parse what they need.
/// </summary>
public sealed record ClusterObject
{
    /// <summary>Kind of the object.</summary>
    public required ResourceType Type { get; init; }

    /// <summary>Namespace and name.</summary>
    public required ObjectKey Key { get; init; }

    /// <summary><c>metadata.uid</c>.</summary>
    public required string Uid { get; init; }

    /// <summary><c>metadata.resourceVersion</c>.</summary>
    public required string ResourceVersion { get; init; }

    /// <summary><c>metadata.generation</c>, 0 where the kind has none.</summary>
    public long Generation { get; init; }

    /// <summary>Whether <c>metadata.deletionTimestamp</c> is set.</summary>
    public bool IsTerminating { get; init; }

    /// <summary>UID of the owner reference with <c>controller: true</c>, or null.</summary>
    public string? ControllerUid { get; init; }

    /// <summary><c>metadata.labels</c>.</summary>
    public required IReadOnlyDictionary<string, string> Labels { get; init; }

    /// <summary><c>metadata.annotations</c>; <c>kubectl.kubernetes.io/last-applied-configuration</c> is left out.</summary>
    public required IReadOnlyDictionary<string, string> Annotations { get; init; }

    /// <summary>The field manager that wrote <c>spec</c>, from <c>metadata.managedFields</c>; only a live read knows it, a cache keeps no such thing.</summary>
    public string? SpecManager { get; init; }

    /// <summary>The object without <c>metadata.managedFields</c>, as UTF-8 JSON; empty for a foreign object of which the cache keeps only the identity.</summary>
    public ReadOnlyMemory<byte> Json { get; init; }

    /// <summary>The object as a model of the client library; <see cref="ModelJson"/> says which.</summary>
    public T Read<T>() => ModelJson.Deserialise<T>(Json.Span);

    /// <summary>The object as a type with source-generated JSON.</summary>
    public T Read<T>(JsonTypeInfo<T> type) => JsonSerializer.Deserialize(Json.Span, type)
        ?? throw new JsonException($"{Type.Kind} {Key} is null.");
}
