using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>What a page of a list says beside its items.</summary>
/// <param name="ResourceVersion">Version of the snapshot.</param>
/// <param name="Continue">Token of the next page, or empty.</param>
internal readonly record struct ListPage(string ResourceVersion, string Continue)
{
    /// <summary>Receives the text of one item.</summary>
    public delegate void ItemReader(ReadOnlySpan<byte> json);

    /// <summary>Reads a page, handing over each item's text without building a document of the page.</summary>
    public static ListPage Read(ReadOnlySpan<byte> json, ItemReader item)
    {
        var (version, token) = ("", "");
        var reader = new Utf8JsonReader(json);
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A list is not an object.");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            if (reader.ValueTextEquals("metadata"u8))
            {
                (version, token) = ReadMetadata(ref reader);
            }
            else if (reader.ValueTextEquals("items"u8))
            {
                ReadItems(json, ref reader, item);
            }
            else
            {
                reader.Read();
                reader.Skip();
            }
        }

        return version.Length > 0 ? new ListPage(version, token) : throw new JsonException("A list has no resourceVersion.");
    }

    private static (string Version, string Token) ReadMetadata(ref Utf8JsonReader reader)
    {
        var (version, token) = ("", "");
        reader.Read();
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isVersion = reader.ValueTextEquals("resourceVersion"u8);
            var isToken = reader.ValueTextEquals("continue"u8);
            reader.Read();
            version = isVersion ? reader.GetString() ?? "" : version;
            token = isToken ? reader.GetString() ?? "" : token;
            reader.Skip();
        }

        return (version, token);
    }

    private static void ReadItems(ReadOnlySpan<byte> json, ref Utf8JsonReader reader, ItemReader item)
    {
        reader.Read();
        if (reader.TokenType == JsonTokenType.Null)
        {
            return;
        }

        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            item(json[start..(int)reader.BytesConsumed]);
        }
    }
}
