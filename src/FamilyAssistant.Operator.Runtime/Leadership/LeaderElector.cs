using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Telemetry;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Leadership;

/// <summary>
/// One of several replicas works at a time. It only saves work: no safety rests on it. Durations are measured with the monotonic clock; the times in
/// the Lease are for people. A holder is taken for dead when its Lease has not changed for its duration as seen from here.
/// </summary>
internal sealed partial class LeaderElector(ILeaseStore store, LeaderOptions options, RuntimeMetrics metrics, TimeProvider time, ILogger<LeaderElector> logger)
{
    private LeaseRecord? _seen;
    private long _seenAt;

    /// <summary>Waits until this replica leads.</summary>
    public async Task AcquireAsync(CancellationToken ct)
    {
        metrics.Leader.WithLabels(options.LeaseName).Set(0);
        while (!await TryAcquireAsync(ct))
        {
            await Task.Delay(Jittered(options.RetryPeriod), time, ct);
        }

        metrics.Leader.WithLabels(options.LeaseName).Set(1);
        LogLeading(options.Identity);
    }

    /// <summary>Renews until cancelled (returns) or lost (throws <see cref="LeadershipLostException"/>). An outage shorter than the renew deadline is survived.</summary>
    public async Task HoldAsync(CancellationToken ct)
    {
        var renewed = time.GetTimestamp();
        while (true)
        {
            await Task.Delay(options.RetryPeriod, time, ct);
            var left = options.RenewDeadline - time.GetElapsedTime(renewed);
            if (left <= TimeSpan.Zero || await RenewAsync(left, ct) == false)
            {
                metrics.Leader.WithLabels(options.LeaseName).Set(0);
                throw new LeadershipLostException(options.LeaseName);
            }

            if (_renewedJustNow)
            {
                renewed = time.GetTimestamp();
            }
        }
    }

    /// <summary>Gives the Lease up, so that another replica takes over at once instead of after its duration.</summary>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        metrics.Leader.WithLabels(options.LeaseName).Set(0);
        if (_seen is { } record && record.Holder == options.Identity)
        {
            try
            {
                await store.WriteAsync(record with { Holder = "", DurationSeconds = 1, RenewTime = time.GetUtcNow() }, ct);
            }
            catch (ClusterApiException error)
            {
                LogRetry(error.Message);
            }
        }
    }

    private bool _renewedJustNow;

    private async Task<bool> TryAcquireAsync(CancellationToken ct)
    {
        try
        {
            Note(await store.ReadAsync(ct));
            if (_seen is { Holder.Length: > 0 } record && record.Holder != options.Identity && time.GetElapsedTime(_seenAt) < TimeSpan.FromSeconds(Math.Max(1, record.DurationSeconds)))
            {
                return false;
            }

            var now = time.GetUtcNow();
            var mine = new LeaseRecord(_seen?.Stored, options.Identity, (int)options.LeaseDuration.TotalSeconds, now, now, (_seen?.Transitions ?? 0) + (_seen is null || _seen.Holder == options.Identity ? 0 : 1));
            return Took(await store.WriteAsync(mine, ct));
        }
        catch (ClusterApiException error)
        {
            LogRetry(error.Message);
            return false;
        }
    }

    /// <summary>True: hold on (renewed, or trouble within the deadline); false: somebody else holds it.</summary>
    private async Task<bool> RenewAsync(TimeSpan left, CancellationToken ct)
    {
        _renewedJustNow = false;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        // A renewal that is still on its way at the deadline is cancelled; should it be carried out all the same, the process is gone before it matters.
        using var deadline = time.CreateTimer(_ => limit.Cancel(), null, left, Timeout.InfiniteTimeSpan);
        try
        {
            if (Took(await store.WriteAsync(_seen! with { RenewTime = time.GetUtcNow() }, limit.Token)))
            {
                _renewedJustNow = true;
                return true;
            }

            Note(await store.ReadAsync(limit.Token));
            return _seen is null || _seen.Holder == options.Identity || _seen.Holder.Length == 0;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return true;
        }
        catch (ClusterApiException error)
        {
            LogRetry(error.Message);
            return true;
        }
    }

    private bool Took(LeaseRecord? written)
    {
        if (written is null)
        {
            return false;
        }

        Note(written);
        return true;
    }

    private void Note(LeaseRecord? record)
    {
        if (record?.Stored?.ResourceVersion != _seen?.Stored?.ResourceVersion || _seen is null)
        {
            _seenAt = time.GetTimestamp();
        }

        _seen = record;
    }

    private static TimeSpan Jittered(TimeSpan period) => period * (1 + (0.2 * Random.Shared.NextDouble()));

    [LoggerMessage(300, LogLevel.Information, "{Identity} leads")]
    private partial void LogLeading(string identity);

    [LoggerMessage(301, LogLevel.Warning, "The Lease could not be read or written: {Error}")]
    private partial void LogRetry(string error);
}
