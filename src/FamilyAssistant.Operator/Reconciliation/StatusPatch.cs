using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>The status of an object as the body of a write.</summary>
/// <remarks>The UID makes the API server refuse the status of an earlier incarnation of the same name.</remarks>
internal static class StatusPatch
{
    /// <summary>Whether the status says this already.</summary>
    public static bool IsSame<T>(T? previous, T status, JsonTypeInfo<T> type)
        where T : class =>
        previous is not null && JsonSerializer.SerializeToUtf8Bytes(status, type).AsSpan().SequenceEqual(JsonSerializer.SerializeToUtf8Bytes(previous, type));

    /// <summary>The patch.</summary>
    /// <param name="source">The object as it was read.</param>
    /// <param name="status">Its status as it shall be.</param>
    /// <param name="type">From <see cref="StatusPatchContext"/>.</param>
    /// <param name="unchanged">Whether the object must not have been written since it was read.</param>
    public static Manifest Of<T>(ClusterObject source, T status, JsonTypeInfo<T> type, bool unchanged)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", source.Type.ApiVersion);
            writer.WriteString("kind", source.Type.Kind);
            writer.WriteStartObject("metadata");
            writer.WriteString("name", source.Key.Name);
            writer.WriteString("namespace", source.Key.Namespace);
            writer.WriteString("uid", source.Uid);
            if (unchanged)
            {
                writer.WriteString("resourceVersion", source.ResourceVersion);
            }

            writer.WriteEndObject();
            writer.WritePropertyName("status");
            JsonSerializer.Serialize(writer, status, type);
            writer.WriteEndObject();
        }

        return new Manifest(source.Type, source.Key, stream.ToArray());
    }
}
