using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>What one line of a watch says.</summary>
internal enum WatchEventKind
{
    Added,
    Modified,
    Deleted,
    Bookmark,
    Error,
}

/// <summary>One line of a watch.</summary>
/// <param name="Kind">What happened.</param>
/// <param name="Object">The object; null for bookmarks and errors.</param>
/// <param name="ResourceVersion">How far the watch is now; empty for errors.</param>
/// <param name="Code">Status code of an error, else 0.</param>
/// <param name="Reason">Reason of an error, else empty.</param>
internal readonly record struct WatchEvent(WatchEventKind Kind, ClusterObject? Object, string ResourceVersion, int Code, string Reason)
{
    /// <summary>Reads a line.</summary>
    /// <exception cref="JsonException">It is not a watch event, or its object cannot be read.</exception>
    public static WatchEvent Read(ReadOnlySpan<byte> line, ResourceType type)
    {
        try
        {
            var kind = default(WatchEventKind?);
            ReadOnlySpan<byte> body = default;
            var reader = new Utf8JsonReader(line);
            reader.Read();
            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isType = reader.ValueTextEquals("type"u8);
                var isObject = reader.ValueTextEquals("object"u8);
                reader.Read();
                var start = (int)reader.TokenStartIndex;
                kind = isType ? ParseKind(reader.GetString()) : kind;
                reader.Skip();
                body = isObject ? line[start..(int)reader.BytesConsumed] : body;
            }

            return kind switch
            {
                WatchEventKind.Error => ReadError(body),
                WatchEventKind.Bookmark => new WatchEvent(WatchEventKind.Bookmark, null, ReadVersion(body), 0, ""),
                { } known => ForObject(known, ObjectReader.Read(body, type)),
                null => throw new JsonException("A watch event has no type."),
            };
        }
        catch (InvalidOperationException e)
        {
            throw new JsonException("A watch event is not as expected.", e);
        }
    }

    private static WatchEvent ForObject(WatchEventKind kind, ClusterObject o) => new(kind, o, o.ResourceVersion, 0, "");

    private static WatchEventKind ParseKind(string? text) => text switch
    {
        "ADDED" => WatchEventKind.Added,
        "MODIFIED" => WatchEventKind.Modified,
        "DELETED" => WatchEventKind.Deleted,
        "BOOKMARK" => WatchEventKind.Bookmark,
        "ERROR" => WatchEventKind.Error,
        _ => throw new JsonException("A watch event has an unknown type."),
    };

    private static WatchEvent ReadError(ReadOnlySpan<byte> body)
    {
        using var status = JsonDocument.Parse(body.ToArray());
        var code = status.RootElement.TryGetProperty("code", out var c) && c.TryGetInt32(out var number) ? number : 500;
        var reason = status.RootElement.TryGetProperty("reason", out var r) ? r.GetString() ?? "" : "";
        return new WatchEvent(WatchEventKind.Error, null, "", code, reason);
    }

    private static string ReadVersion(ReadOnlySpan<byte> body)
    {
        using var bookmark = JsonDocument.Parse(body.ToArray());
        return bookmark.RootElement.TryGetProperty("metadata", out var metadata) && metadata.TryGetProperty("resourceVersion", out var version)
            && version.GetString() is { Length: > 0 } text
                ? text
                : throw new JsonException("A bookmark has no resourceVersion.");
    }
}
