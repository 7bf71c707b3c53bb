using System.Buffers;
using System.Net;
using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>Ties a write to exactly the object that was seen.</summary>
internal static class Preconditions
{
    /// <summary>Adds UID and resourceVersion to a merge patch.</summary>
    public static ReadOnlyMemory<byte> AddTo(ReadOnlyMemory<byte> patch, ClusterObject seen)
    {
        using var document = JsonDocument.Parse(patch);
        var buffer = new ArrayBufferWriter<byte>(patch.Length + 128);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata"u8);
            writer.WriteString("uid"u8, seen.Uid);
            writer.WriteString("resourceVersion"u8, seen.ResourceVersion);
            if (document.RootElement.TryGetProperty("metadata", out var metadata))
            {
                WriteMembers(writer, metadata, "uid", "resourceVersion");
            }

            writer.WriteEndObject();
            WriteMembers(writer, document.RootElement, "metadata");
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Options of a background delete of this incarnation only; with <paramref name="unchanged"/> only of exactly this version of it.</summary>
    public static ReadOnlyMemory<byte> DeleteOptions(ClusterObject seen, bool unchanged = false)
    {
        var buffer = new ArrayBufferWriter<byte>(192);
        using (var writer = new Utf8JsonWriter(buffer))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion"u8, "v1"u8);
            writer.WriteString("kind"u8, "DeleteOptions"u8);
            writer.WriteString("propagationPolicy"u8, "Background"u8);
            writer.WriteStartObject("preconditions"u8);
            writer.WriteString("uid"u8, seen.Uid);
            if (unchanged)
            {
                writer.WriteString("resourceVersion"u8, seen.ResourceVersion);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }

    /// <summary>Whether an answer says that the object is another one now: 409, or 422 about the immutable UID.</summary>
    public static bool Failed(ApiAnswer answer) => answer.Status == HttpStatusCode.Conflict
        || (answer.Status == HttpStatusCode.UnprocessableEntity && StatusBody.Parse(answer.Body).Fields.Contains("metadata.uid"));

    private static void WriteMembers(Utf8JsonWriter writer, JsonElement element, params ReadOnlySpan<string> except)
    {
        foreach (var member in element.EnumerateObject())
        {
            if (!except.Contains(member.Name))
            {
                member.WriteTo(writer);
            }
        }
    }
}
