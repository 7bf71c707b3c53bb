using System.Text.Json;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>
/// Reads the API server's audit log. The server writes a record just after it has sent the answer: wait for the records that you expect, and do not
/// take one look right after a request for the whole truth.
/// </summary>
public sealed class AuditLog(string file)
{
    /// <summary>The file, JSON lines.</summary>
    public string File { get; } = file;

    /// <summary>The present end: pass it to <see cref="ReadAsync"/> later to get what came in between.</summary>
    public long Position => System.IO.File.Exists(File) ? new FileInfo(File).Length : 0;

    /// <summary>The records from a byte offset to the present end. A watch counts once, when it opens; its end is no request.</summary>
    public async Task<IReadOnlyList<AuditRecord>> ReadAsync(long from = 0, CancellationToken cancellation = default)
    {
        var records = new List<AuditRecord>();
        if (!System.IO.File.Exists(File))
        {
            return records;
        }

        var end = Position;
        await using var stream = new FileStream(File, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
        stream.Position = from;
        using var reader = new StreamReader(stream);
        for (var read = from; read < end && await reader.ReadLineAsync(cancellation) is { } line;)
        {
            read += System.Text.Encoding.UTF8.GetByteCount(line) + 1;
            if (read <= end && Parse(line) is { } record)
            {
                records.Add(record);
            }
        }

        return records;
    }

    private static AuditRecord? Parse(string line)
    {
        using var document = JsonDocument.Parse(line);
        var root = document.RootElement;
        var target = root.TryGetProperty("objectRef", out var reference) ? reference : default;
        string verb = Text(root, "verb"), stage = Text(root, "stage"), subresource = Text(target, "subresource");
        // Long-running requests leave a second record when they end.
        var isLongRunning = verb is "watch" or "connect" || subresource is "log" or "exec" or "attach" or "portforward" or "proxy";
        if (isLongRunning && stage != "ResponseStarted")
        {
            return null;
        }

        return new AuditRecord
        {
            User = Text(root.GetProperty("user"), "username"),
            Verb = verb,
            RequestUri = Text(root, "requestURI"),
            Group = Text(target, "apiGroup"),
            Resource = Text(target, "resource"),
            Subresource = subresource,
            Namespace = Text(target, "namespace"),
            Name = Text(target, "name"),
            Code = root.TryGetProperty("responseStatus", out var status) && status.TryGetProperty("code", out var code) ? code.GetInt32() : 0,
            RequestReceivedTimestamp = root.GetProperty("requestReceivedTimestamp").GetDateTimeOffset(),
            UserAgent = Text(root, "userAgent"),
        };
    }

    private static string Text(JsonElement element, string name)
        => element.ValueKind == JsonValueKind.Object && element.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";
}
