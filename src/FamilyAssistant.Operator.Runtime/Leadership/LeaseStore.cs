using System.Globalization;
using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Runtime.Leadership;

/// <summary>The Lease as far as the election is concerned.</summary>
/// <param name="Stored">The object as it was read or written; null when it does not exist.</param>
/// <param name="Holder">Identity of the holder; empty: free.</param>
/// <param name="DurationSeconds">Its duration.</param>
/// <param name="AcquireTime">When the holder took it.</param>
/// <param name="RenewTime">When it was renewed.</param>
/// <param name="Transitions">How often it changed hands.</param>
internal sealed record LeaseRecord(ClusterObject? Stored, string Holder, int DurationSeconds, DateTimeOffset AcquireTime, DateTimeOffset RenewTime, int Transitions);

/// <summary>Reads and writes the Lease with compare-and-swap.</summary>
internal interface ILeaseStore
{
    /// <summary>The Lease, or null when there is none. One with an empty spec is free.</summary>
    Task<LeaseRecord?> ReadAsync(CancellationToken ct);

    /// <summary>Writes it over exactly what <see cref="LeaseRecord.Stored"/> says, or creates it; null when somebody was faster.</summary>
    Task<LeaseRecord?> WriteAsync(LeaseRecord record, CancellationToken ct);
}

/// <summary>The Lease of the API server.</summary>
internal sealed class LeaseStore(IClusterApi api, LeaderOptions options) : ILeaseStore
{
    private readonly ObjectKey _key = new(options.Namespace, options.LeaseName);

    /// <summary>The election's own requests: no retries, because the elector's clock decides about them, and short, because an attempt that hangs must not use up its deadline.</summary>
    public static ClusterApiOptions Patience(ClusterApiOptions options, LeaderOptions leadership) => options with
    {
        Retry = options.Retry with { Retries = 0, AttemptTimeout = leadership.RenewDeadline / 4 },
    };

    public async Task<LeaseRecord?> ReadAsync(CancellationToken ct) =>
        await api.GetAsync(ResourceTypes.Lease, _key, ct) is { } lease ? Parse(lease) : null;

    public async Task<LeaseRecord?> WriteAsync(LeaseRecord record, CancellationToken ct)
    {
        var written = record.Stored is { } stored
            ? await api.MergePatchAsync(stored, Body(record, create: false), ct)
            : await api.CreateAsync(new Manifest(ResourceTypes.Lease, _key, Body(record, create: true)), ct);
        return written is null ? null : record with { Stored = written };
    }

    private static LeaseRecord Parse(ClusterObject lease)
    {
        using var document = JsonDocument.Parse(lease.Json);
        var spec = document.RootElement.TryGetProperty("spec", out var found) ? found : default;
        return new LeaseRecord(lease, Text(spec, "holderIdentity"), Number(spec, "leaseDurationSeconds", 15), Time(spec, "acquireTime"), Time(spec, "renewTime"), Number(spec, "leaseTransitions", 0));
    }

    private static string Text(JsonElement spec, string name) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var value) ? value.GetString() ?? "" : "";

    private static int Number(JsonElement spec, string name, int otherwise) =>
        spec.ValueKind == JsonValueKind.Object && spec.TryGetProperty(name, out var value) && value.TryGetInt32(out var number) ? number : otherwise;

    private static DateTimeOffset Time(JsonElement spec, string name) =>
        DateTimeOffset.TryParse(Text(spec, name), CultureInfo.InvariantCulture, out var time) ? time : DateTimeOffset.UnixEpoch;

    private byte[] Body(LeaseRecord record, bool create)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            if (create)
            {
                writer.WriteString("apiVersion", ResourceTypes.Lease.ApiVersion);
                writer.WriteString("kind", ResourceTypes.Lease.Kind);
                writer.WriteStartObject("metadata");
                writer.WriteString("name", _key.Name);
                writer.WriteString("namespace", _key.Namespace);
                writer.WriteEndObject();
            }

            writer.WriteStartObject("spec");
            writer.WriteString("holderIdentity", record.Holder);
            writer.WriteNumber("leaseDurationSeconds", record.DurationSeconds);
            writer.WriteString("acquireTime", EventBody.MicroTime(record.AcquireTime));
            writer.WriteString("renewTime", EventBody.MicroTime(record.RenewTime));
            writer.WriteNumber("leaseTransitions", record.Transitions);
            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
