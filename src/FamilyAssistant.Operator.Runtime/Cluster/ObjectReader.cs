using System.Buffers;
using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>
/// Reads one object of the API server in a single pass: picks the identity out of the metadata and copies the text without
/// <c>managedFields</c> and the last-applied annotation, which are often half of it and which no controller reads.
/// </summary>
internal static class ObjectReader
{
    private const string LastApplied = "kubectl.kubernetes.io/last-applied-configuration";
    private const int MaxKeptBuffer = 1 << 20;

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? _buffer;

    /// <summary>Reads an object; items of built-in lists lack apiVersion and kind, which are added.</summary>
    /// <exception cref="JsonException">The text is not an object with a name, UID and resourceVersion.</exception>
    public static ClusterObject Read(ReadOnlySpan<byte> json, ResourceType type)
    {
        var buffer = _buffer ??= new ArrayBufferWriter<byte>(16 * 1024);
        buffer.ResetWrittenCount();
        var meta = new ObjectMetadata();
        try
        {
            using var writer = new Utf8JsonWriter(buffer, new JsonWriterOptions { SkipValidation = true });
            writer.WriteStartObject();
            writer.WriteString("apiVersion"u8, type.ApiVersion);
            writer.WriteString("kind"u8, type.Kind);
            CopyMembers(json, writer, meta);
            writer.WriteEndObject();
            writer.Flush();
            return meta.ToObject(type, buffer.WrittenSpan.ToArray());
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("The object's metadata is not as expected.", e);
        }
        finally
        {
            if (buffer.Capacity > MaxKeptBuffer)
            {
                _buffer = null;
            }
        }
    }

    private static void CopyMembers(ReadOnlySpan<byte> json, Utf8JsonWriter writer, ObjectMetadata meta)
    {
        var reader = new Utf8JsonReader(json);
        Expect(reader.Read() && reader.TokenType == JsonTokenType.StartObject);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("apiVersion"u8) || reader.ValueTextEquals("kind"u8))
            {
                reader.Read();
                reader.Skip();
            }
            else if (reader.ValueTextEquals("metadata"u8))
            {
                CopyMetadata(json, ref reader, writer, meta);
            }
            else
            {
                CopyMember(json, ref reader, writer);
            }
        }

        Expect(reader.TokenType == JsonTokenType.EndObject);
    }

    private static void CopyMetadata(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, Utf8JsonWriter writer, ObjectMetadata meta)
    {
        reader.Read();
        Expect(reader.TokenType == JsonTokenType.StartObject);
        writer.WriteStartObject("metadata"u8);
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("managedFields"u8))
            {
                reader.Read();
                reader.Skip();
            }
            else if (reader.ValueTextEquals("annotations"u8))
            {
                CopyAnnotations(ref reader, writer, meta);
            }
            else
            {
                var look = reader;
                meta.Note(ref look);
                CopyMember(json, ref reader, writer);
            }
        }

        writer.WriteEndObject();
    }

    private static void CopyAnnotations(ref Utf8JsonReader reader, Utf8JsonWriter writer, ObjectMetadata meta)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        var entries = ObjectMetadata.ReadMap(ref reader).Where(e => e.Key != LastApplied).ToArray();
        meta.Annotations = entries.Length == 0 ? StringMap.Empty : new StringMap(entries);
        writer.WriteStartObject("annotations"u8);
        foreach (var (key, value) in entries)
        {
            writer.WriteString(key, value);
        }

        writer.WriteEndObject();
    }

    private static void CopyMember(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, Utf8JsonWriter writer)
    {
        if (reader.ValueIsEscaped)
        {
            writer.WritePropertyName(reader.GetString()!);
        }
        else
        {
            writer.WritePropertyName(reader.ValueSpan);
        }

        reader.Read();
        var start = (int)reader.TokenStartIndex;
        reader.Skip();
        writer.WriteRawValue(json[start..(int)reader.BytesConsumed], skipInputValidation: true);
    }

    private static void Expect(bool holds)
    {
        if (!holds)
        {
            throw new JsonException("Not an object of the Kubernetes API.");
        }
    }
}
