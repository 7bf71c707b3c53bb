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
    private long _renewedAt;
    private string? _trouble;

    private enum Renewal
    {
        Done,

        /// <summary>Not this time; nobody else holds it as far as is known.</summary>
        Failed,

        /// <summary>Somebody else holds it.</summary>
        Lost,
    }

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

    /// <summary>Renews until cancelled or lost (<see cref="LeadershipLostException"/>). An outage shorter than the renew deadline is survived.</summary>
    public async Task HoldAsync(CancellationToken ct)
    {
        var pause = options.RetryPeriod;
        while (true)
        {
            var left = Left();
            await Task.Delay(pause < left ? pause : left, time, ct);
            left = Left();
            switch (left > TimeSpan.Zero ? await RenewAsync(left, ct) : Renewal.Lost)
            {
                case Renewal.Lost:
                    metrics.Leader.WithLabels(options.LeaseName).Set(0);
                    throw new LeadershipLostException(options.LeaseName);
                case Renewal.Failed:
                    // The deadline runs: try more often, so that an end of the outage is not slept through.
                    pause = options.RetryPeriod / 4;
                    break;
                default:
                    pause = options.RetryPeriod;
                    break;
            }
        }
    }

    /// <summary>Gives the Lease up, so that another replica takes over at once instead of after its duration. Tries until it is done or cancelled.</summary>
    public async Task ReleaseAsync(CancellationToken ct)
    {
        metrics.Leader.WithLabels(options.LeaseName).Set(0);
        while (_seen is { } record && record.Holder == options.Identity)
        {
            try
            {
                if (await store.WriteAsync(record with { Holder = "", DurationSeconds = 1, RenewTime = time.GetUtcNow() }, ct) is not null)
                {
                    return;
                }

                // A renewal that was cancelled on its way may have been carried out: look again.
                Note(await store.ReadAsync(ct));
            }
            catch (ClusterApiException error)
            {
                Trouble(error);
                await Task.Delay(options.RetryPeriod / 4, time, ct);
            }
        }
    }

    private TimeSpan Left()
    {
        var left = options.RenewDeadline - time.GetElapsedTime(_renewedAt);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private async Task<bool> TryAcquireAsync(CancellationToken ct)
    {
        try
        {
            Note(await store.ReadAsync(ct));
            return !IsHeldByAnother() && await WriteAsync(ct);
        }
        catch (ClusterApiException error)
        {
            Trouble(error);
            return false;
        }
    }

    private bool IsHeldByAnother() =>
        _seen is { Holder.Length: > 0 } record && record.Holder != options.Identity && time.GetElapsedTime(_seenAt) < TimeSpan.FromSeconds(Math.Max(1, record.DurationSeconds));

    private async Task<Renewal> RenewAsync(TimeSpan left, CancellationToken ct)
    {
        // A renewal that is still on its way at the deadline is cancelled; should it be carried out all the same, the process is gone before it matters.
        using var deadline = new CancellationTokenSource(left, time);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct, deadline.Token);
        try
        {
            if (await WriteAsync(limit.Token))
            {
                return Renewal.Done;
            }

            // Somebody wrote it. That may have been an administrator's label, or a deletion: what counts is the holder.
            Note(await store.ReadAsync(limit.Token));
            return _seen is { Holder.Length: > 0 } record && record.Holder != options.Identity ? Renewal.Lost : Renewal.Failed;
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return Renewal.Failed;
        }
        catch (ClusterApiException error)
        {
            Trouble(error);
            return Renewal.Failed;
        }
    }

    /// <summary>Makes the Lease ours over exactly what was seen. True when it was carried out.</summary>
    private async Task<bool> WriteAsync(CancellationToken ct)
    {
        var began = time.GetTimestamp();
        var now = time.GetUtcNow();
        var held = _seen?.Holder == options.Identity;
        var changesHands = _seen is not null && !held;
        var mine = new LeaseRecord(
            _seen?.Stored, options.Identity, (int)options.LeaseDuration.TotalSeconds, held ? _seen!.AcquireTime : now, now, (_seen?.Transitions ?? 0) + (changesHands ? 1 : 0));
        if (await store.WriteAsync(mine, ct) is not { } written)
        {
            return false;
        }

        // Counted from before the request: others may have seen its effect earlier than its answer came.
        _renewedAt = began;
        Note(written);
        if (_trouble is not null)
        {
            _trouble = null;
            LogMended();
        }

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

    /// <summary>The same trouble is told once, not at every attempt.</summary>
    private void Trouble(ClusterApiException error)
    {
        if (_trouble != error.Message)
        {
            _trouble = error.Message;
            LogTrouble(error.Message);
        }
    }

    private static TimeSpan Jittered(TimeSpan period) => period * (1 + (0.2 * Random.Shared.NextDouble()));

    [LoggerMessage(300, LogLevel.Information, "{Identity} leads")]
    private partial void LogLeading(string identity);

    [LoggerMessage(301, LogLevel.Warning, "The Lease could not be read or written: {Error}")]
    private partial void LogTrouble(string error);

    [LoggerMessage(302, LogLevel.Information, "The Lease can be written again")]
    private partial void LogMended();
}
