using FamilyAssistant.Operator.Runtime.Cluster;

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
    /// <summary>Of a Lease that somebody else made without a duration.</summary>
    private const int DefaultSeconds = 15;

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
        var fields = new LeaseFields(record.Holder, record.AcquireTime, record.RenewTime) { DurationSeconds = record.DurationSeconds, Transitions = record.Transitions };
        var written = record.Stored is { } stored
            ? await api.MergePatchAsync(stored, fields.ToPatch(), ct)
            : await api.CreateAsync(fields.ToManifest(_key), ct);
        return written is null ? null : record with { Stored = written };
    }

    private static LeaseRecord Parse(ClusterObject lease)
    {
        var fields = LeaseFields.Of(lease);
        return new LeaseRecord(lease, fields.Holder, fields.DurationSeconds ?? DefaultSeconds, fields.AcquireTime, fields.RenewTime, fields.Transitions ?? 0);
    }
}
