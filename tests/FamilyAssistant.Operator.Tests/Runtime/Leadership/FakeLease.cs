using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Leadership;

namespace FamilyAssistant.Operator.Tests.Runtime.Leadership;

/// <summary>A Lease with compare-and-swap and outages.</summary>
internal sealed class FakeLease : ILeaseStore
{
    private int _version;

    public LeaseRecord? Current { get; private set; }

    public bool Down { get; set; }

    /// <summary>The next write is carried out, but its answer never comes.</summary>
    public bool LoseAnswer { get; set; }

    public List<string> Holders { get; } = [];

    /// <summary>What somebody else writes, or deletes.</summary>
    public void Set(LeaseRecord? record) => Current = record is null ? null : record with { Stored = Next() };

    public static LeaseRecord Of(string holder, int seconds = 15, DateTimeOffset at = default) => new(null, holder, seconds, at, at, 3);

    public Task<LeaseRecord?> ReadAsync(CancellationToken ct)
    {
        Check();
        return Task.FromResult(Current);
    }

    public async Task<LeaseRecord?> WriteAsync(LeaseRecord record, CancellationToken ct)
    {
        Check();
        if (record.Stored?.ResourceVersion != Current?.Stored?.ResourceVersion)
        {
            return null;
        }

        Current = record with { Stored = Next() };
        Holders.Add(record.Holder);
        if (LoseAnswer)
        {
            LoseAnswer = false;
            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
        }

        return Current;
    }

    private void Check()
    {
        if (Down)
        {
            throw new ClusterApiException(ErrorClass.Transient, null, "NoAnswer", "the API server is down");
        }
    }

    private ClusterObject Next()
    {
        _version++;
        return Wire.Object("lease", _version);
    }
}
