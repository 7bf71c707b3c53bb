using System.Globalization;
using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Runtime.Leadership;

/// <summary>The <c>spec</c> of a Lease: who has something, and since when.</summary>
/// <param name="Holder">Identity of the holder; empty: nobody.</param>
/// <param name="AcquireTime">When the holder took it.</param>
/// <param name="RenewTime">When the holder last confirmed that it has it.</param>
public sealed record LeaseFields(string Holder, DateTimeOffset AcquireTime, DateTimeOffset RenewTime)
{
    /// <summary>Seconds without a confirmation after which others may take it; null: it never runs out by itself.</summary>
    public int? DurationSeconds { get; init; }

    /// <summary>How often it changed hands; null: nobody counts.</summary>
    public int? Transitions { get; init; }

    /// <summary>Reads a Lease. What is absent or has another form is as if it were not set.</summary>
    public static LeaseFields Of(ClusterObject lease)
    {
        using var document = JsonDocument.Parse(lease.Json);
        var spec = document.RootElement.TryGetProperty("spec", out var found) ? found : default;
        return new LeaseFields(Text(spec, "holderIdentity"), Time(spec, "acquireTime"), Time(spec, "renewTime"))
        {
            DurationSeconds = Number(spec, "leaseDurationSeconds"),
            Transitions = Number(spec, "leaseTransitions"),
        };
    }

    /// <summary>A new Lease.</summary>
    public Manifest ToManifest(ObjectKey key, IEnumerable<KeyValuePair<string, string>>? labels = null) => new(ResourceTypes.Lease, key, Write(writer =>
    {
        writer.WriteString("apiVersion", ResourceTypes.Lease.ApiVersion);
        writer.WriteString("kind", ResourceTypes.Lease.Kind);
        writer.WriteStartObject("metadata");
        writer.WriteString("name", key.Name);
        writer.WriteString("namespace", key.Namespace);
        writer.WriteStartObject("labels");
        foreach (var (name, value) in labels ?? [])
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        writer.WriteEndObject();
    }));

    /// <summary>A merge patch of a Lease that exists.</summary>
    public ReadOnlyMemory<byte> ToPatch() => Write(static _ => { });

    private static string Text(JsonElement spec, string name) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static int? Number(JsonElement spec, string name) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.Number && value.TryGetInt32(out var number) ? number : null;

    private static DateTimeOffset Time(JsonElement spec, string name) =>
        DateTimeOffset.TryParse(Text(spec, name), CultureInfo.InvariantCulture, out var time) ? time : DateTimeOffset.UnixEpoch;

    private byte[] Write(Action<Utf8JsonWriter> head)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            head(writer);
            writer.WriteStartObject("spec");
            writer.WriteString("holderIdentity", Holder);
            writer.WriteString("acquireTime", EventBody.MicroTime(AcquireTime));
            writer.WriteString("renewTime", EventBody.MicroTime(RenewTime));
            if (DurationSeconds is { } duration)
            {
                writer.WriteNumber("leaseDurationSeconds", duration);
            }

            if (Transitions is { } transitions)
            {
                writer.WriteNumber("leaseTransitions", transitions);
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
