using System.Globalization;
using System.Text;
using System.Text.Json;

namespace FamilyAssistant.Operator.Runtime.Events;

/// <summary>Who reports.</summary>
/// <param name="Controller">For example <c>example.com/operator</c>.</param>
/// <param name="Instance">Name of the pod, at most 128 characters.</param>
public sealed record EventOptions(string Controller, string Instance);

/// <summary>An event that waits to be written.</summary>
internal sealed record EventDraft(Cluster.ClusterObject Regarding, EventSeverity Severity, string Reason, string Action, string Note, DateTimeOffset At);

/// <summary>What makes two events the same.</summary>
internal readonly record struct EventSeriesKey(string Uid, EventSeverity Severity, string Reason, string Action, string Note);

/// <summary>An event that was written and how often it has happened since.</summary>
internal sealed record EventSeries(Cluster.ClusterObject Written, int Count, DateTimeOffset LastSeen)
{
    /// <summary>After this much silence the same thing is news again (client-go: 6 min).</summary>
    public static readonly TimeSpan Lifetime = TimeSpan.FromMinutes(6);
}

/// <summary>Bodies of <c>events.k8s.io/v1</c> requests.</summary>
internal static class EventBody
{
    private const int NoteLimit = 1024;

    /// <summary>A first event. The UID makes <c>kubectl describe</c> show it.</summary>
    public static byte[] New(EventDraft draft, string @namespace, string name, EventOptions options) => Write(writer =>
    {
        writer.WriteString("apiVersion", "events.k8s.io/v1");
        writer.WriteString("kind", "Event");
        writer.WriteStartObject("metadata");
        writer.WriteString("name", name);
        writer.WriteString("namespace", @namespace);
        writer.WriteEndObject();
        writer.WriteString("eventTime", MicroTime(draft.At));
        writer.WriteString("type", draft.Severity.ToString());
        writer.WriteString("reason", draft.Reason);
        writer.WriteString("action", draft.Action);
        writer.WriteString("note", draft.Note);
        writer.WriteString("reportingController", options.Controller);
        writer.WriteString("reportingInstance", options.Instance.Length <= 128 ? options.Instance : options.Instance[..128]);
        writer.WriteStartObject("regarding");
        writer.WriteString("apiVersion", draft.Regarding.Type.ApiVersion);
        writer.WriteString("kind", draft.Regarding.Type.Kind);
        writer.WriteString("namespace", draft.Regarding.Key.Namespace);
        writer.WriteString("name", draft.Regarding.Key.Name);
        writer.WriteString("uid", draft.Regarding.Uid);
        writer.WriteString("resourceVersion", draft.Regarding.ResourceVersion);
        writer.WriteEndObject();
    });

    /// <summary>The longest beginning that the API server accepts; its limit counts bytes.</summary>
    public static string Note(string text)
    {
        if (Encoding.UTF8.GetByteCount(text) <= NoteLimit)
        {
            return text;
        }

        Encoding.UTF8.GetEncoder().Convert(text, new byte[NoteLimit - 3], flush: true, out var chars, out _, out _);
        return text[..chars] + "…";
    }

    /// <summary>It happened again.</summary>
    public static byte[] Series(EventSeries series) => Write(writer =>
    {
        writer.WriteStartObject("series");
        writer.WriteNumber("count", series.Count);
        writer.WriteString("lastObservedTime", MicroTime(series.LastSeen));
        writer.WriteEndObject();
    });

    /// <summary>RFC 3339 with six digits: the API server refuses a MicroTime without a fraction.</summary>
    public static string MicroTime(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.ffffff'Z'", CultureInfo.InvariantCulture);

    private static byte[] Write(Action<Utf8JsonWriter> members)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            members(writer);
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
