using System.Collections.Concurrent;

namespace FamilyAssistant.Operator.Adapters.Monitoring;

/// <summary>
/// Looks at many targets again and again, each in its own time, at most some at once. A pass takes the latest answer; only the first
/// one of a new target is waited for, and that not for long.
/// </summary>
/// <typeparam name="TKey">Whose target it is.</typeparam>
/// <typeparam name="TTarget">What is looked at; another value is another target.</typeparam>
/// <typeparam name="TSeen">What a look found; compared by value.</typeparam>
internal sealed class PeriodicLooks<TKey, TTarget, TSeen>(ILookPlan<TKey, TTarget, TSeen> plan, int atOnce, TimeProvider time) : IDisposable
    where TKey : notnull
    where TTarget : notnull
    where TSeen : class
{
    private readonly ConcurrentDictionary<TKey, Watch> _watches = new();
    private readonly SemaphoreSlim _slots = new(atOnce);
    private readonly Lock _lock = new();

    /// <summary>The latest answer, or null when there is none within <paramref name="patience"/>; then it is announced when it comes.</summary>
    /// <param name="key">Whose target.</param>
    /// <param name="target">What is looked at; a changed one is looked at now and answers about the one before no longer count.</param>
    /// <param name="incarnation">When this changes, the target is looked at now, and the answer of before stands until then.</param>
    /// <param name="patience">Longest wait for the first answer.</param>
    /// <param name="ct">Cancellation.</param>
    public async ValueTask<TSeen?> ObserveAsync(TKey key, TTarget target, string incarnation, TimeSpan patience, CancellationToken ct)
    {
        var watch = Follow(key, target, incarnation);
        if (watch.Latest is { } latest)
        {
            return latest;
        }

        try
        {
            return await watch.First.Task.WaitAsync(patience, time, ct);
        }
        catch (TimeoutException)
        {
            return watch.GiveUpWaiting();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            return null;
        }
    }

    /// <summary>Stops looking.</summary>
    public void Forget(TKey key)
    {
        lock (_lock)
        {
            if (_watches.TryRemove(key, out var watch))
            {
                watch.Dispose();
            }
        }
    }

    /// <summary>Stops looking at every key that matches.</summary>
    public void Forget(Func<TKey, bool> match)
    {
        foreach (var key in _watches.Keys.Where(match))
        {
            Forget(key);
        }
    }

    /// <summary>Keys that are looked at now.</summary>
    public ICollection<TKey> Keys => _watches.Keys;

    /// <inheritdoc />
    public void Dispose() => Forget(static _ => true);

    private Watch Follow(TKey key, TTarget target, string incarnation)
    {
        lock (_lock)
        {
            if (_watches.TryGetValue(key, out var known))
            {
                if (known.Target.Equals(target))
                {
                    known.Meet(incarnation);
                    return known;
                }

                // The answer about the old target must not pass for one about the new, not even for a moment.
                known.Dispose();
            }

            var watch = new Watch(target, incarnation);
            _watches[key] = watch;
            _ = Task.Run(() => LookForeverAsync(key, watch));
            return watch;
        }
    }

    private async Task LookForeverAsync(TKey key, Watch watch)
    {
        var ct = watch.Stopped;
        var failures = 0;
        try
        {
            while (true)
            {
                var seen = await LookOnceAsync(key, watch.Target, ct);
                failures = plan.IsWell(seen) ? 0 : failures + 1;
                Publish(key, watch, seen);
                await watch.SleepAsync(plan.NextLook(seen, failures), time);
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            watch.First.TrySetCanceled(ct);
        }
    }

    private async Task<TSeen> LookOnceAsync(TKey key, TTarget target, CancellationToken ct)
    {
        await _slots.WaitAsync(ct);
        try
        {
            return await plan.LookAsync(key, target, ct);
        }
        finally
        {
            _slots.Release();
        }
    }

    private void Publish(TKey key, Watch watch, TSeen seen)
    {
        lock (_lock)
        {
            if (watch.Stopped.IsCancellationRequested)
            {
                return;
            }

            var changed = watch.Record(seen);
            plan.Seen(key, seen, changed);
        }
    }

    /// <summary>One target of one key, until it is replaced or forgotten.</summary>
    private sealed class Watch(TTarget target, string incarnation) : IDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Lock _lock = new();
        private TaskCompletionSource _wake = NewWake();
        private string _incarnation = incarnation;
        private bool _waitedInVain;
        private TSeen? _latest;

        public TTarget Target { get; } = target;

        public CancellationToken Stopped => _stop.Token;

        public TaskCompletionSource<TSeen> First { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public TSeen? Latest
        {
            get
            {
                lock (_lock)
                {
                    return _latest;
                }
            }
        }

        /// <summary>Ends the sleep when another incarnation is behind the target; one that is met during a look makes the sleep after it end at once.</summary>
        public void Meet(string incarnation)
        {
            lock (_lock)
            {
                if (_incarnation != incarnation)
                {
                    _incarnation = incarnation;
                    _wake.TrySetResult();
                }
            }
        }

        /// <summary>Sleeps until the time is over or another incarnation is met.</summary>
        public async Task SleepAsync(TimeSpan duration, TimeProvider time)
        {
            try
            {
                await _wake.Task.WaitAsync(duration, time, Stopped);
                lock (_lock)
                {
                    _wake = NewWake();
                }
            }
            catch (TimeoutException)
            {
                // Slept through.
            }
        }

        /// <summary>Nobody takes the first answer any more, so that it has to be announced; or it came at this very moment.</summary>
        public TSeen? GiveUpWaiting()
        {
            lock (_lock)
            {
                _waitedInVain = _latest is null;
                return _latest;
            }
        }

        /// <summary>Whether somebody has to be told.</summary>
        public bool Record(TSeen seen)
        {
            lock (_lock)
            {
                var changed = _latest is null ? _waitedInVain : !_latest.Equals(seen);
                _latest = seen;
                First.TrySetResult(seen);
                return changed;
            }
        }

        private static TaskCompletionSource NewWake() => new(TaskCreationOptions.RunContinuationsAsynchronously);

        public void Dispose() => _ = _stop.CancelAsync();
    }
}
