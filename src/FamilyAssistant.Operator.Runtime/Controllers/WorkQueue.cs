using System.Threading.Channels;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Telemetry;

namespace FamilyAssistant.Operator.Runtime.Controllers;

/// <summary>
/// Keys that want a pass. A key waits at most once and is never worked on by two workers: one that is added during its pass is handed out again after it.
/// </summary>
internal sealed class WorkQueue : IWorkSink, IDisposable
{
    /// <summary>Timers cannot wait for longer than seven weeks; a pass that finds nothing to do costs nothing.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromDays(1);

    private readonly Lock _gate = new();
    private readonly Channel<ObjectKey> _ready = Channel.CreateUnbounded<ObjectKey>();
    private readonly Dictionary<ObjectKey, long> _dirty = [];
    private readonly Dictionary<ObjectKey, long> _processing = [];
    private readonly Dictionary<ObjectKey, int> _failures = [];
    private readonly Dictionary<ObjectKey, ITimer> _timers = [];
    private readonly KeyBackOff _backOff;
    private readonly TimeProvider _time;
    private readonly RuntimeMetrics _metrics;
    private readonly string _name;

    public WorkQueue(string name, KeyBackOff backOff, RuntimeMetrics metrics, TimeProvider time)
    {
        _name = name;
        _backOff = backOff;
        _metrics = metrics;
        _time = time;
    }

    /// <inheritdoc />
    public void Enqueue(ObjectKey key)
    {
        lock (_gate)
        {
            if (!_dirty.TryAdd(key, _time.GetTimestamp()))
            {
                return;
            }

            _metrics.QueueAdds.WithLabels(_name, _name).Inc();
            if (!_processing.ContainsKey(key))
            {
                Hand(key);
            }
        }
    }

    /// <summary>The next key; <see cref="Complete"/> must follow.</summary>
    public async ValueTask<ObjectKey> TakeAsync(CancellationToken ct)
    {
        var key = await _ready.Reader.ReadAsync(ct);
        lock (_gate)
        {
            var now = _time.GetTimestamp();
            _metrics.QueueDepth.WithLabels(_name, _name).Dec();
            _metrics.QueueSeconds.WithLabels(_name, _name).Observe(_time.GetElapsedTime(_dirty[key], now).TotalSeconds);
            _dirty.Remove(key);
            _processing[key] = now;
            // The pass that begins looks at everything: an older appointment has nothing to add.
            Cancel(key);
        }

        return key;
    }

    /// <summary>Ends a pass and makes the next appointment: at a time, with back-off, or none.</summary>
    public void Complete(ObjectKey key, ReconcileResult result)
    {
        lock (_gate)
        {
            _processing.Remove(key, out var began);
            _metrics.WorkSeconds.WithLabels(_name, _name).Observe(_time.GetElapsedTime(began).TotalSeconds);
            if (result.Retry)
            {
                var failures = _failures.GetValueOrDefault(key);
                _failures[key] = failures + 1;
                _metrics.QueueRetries.WithLabels(_name, _name).Inc();
                Schedule(key, _backOff.After(failures));
            }
            else
            {
                _failures.Remove(key);
                if (result.After is { } after)
                {
                    Schedule(key, after);
                }
            }

            if (_dirty.ContainsKey(key))
            {
                Hand(key);
            }
        }
    }

    /// <summary>Ages of the passes that run, for the two gauges that dashboards watch for a stuck worker.</summary>
    public void Measure()
    {
        lock (_gate)
        {
            var ages = _processing.Values.Select(began => _time.GetElapsedTime(began).TotalSeconds).ToList();
            _metrics.Unfinished.WithLabels(_name, _name).Set(ages.Sum());
            _metrics.LongestRunning.WithLabels(_name, _name).Set(ages.Count == 0 ? 0 : ages.Max());
        }
    }

    /// <inheritdoc />
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var timer in _timers.Values)
            {
                timer.Dispose();
            }

            _timers.Clear();
        }
    }

    private void Hand(ObjectKey key)
    {
        _metrics.QueueDepth.WithLabels(_name, _name).Inc();
        _ready.Writer.TryWrite(key);
    }

    private void Schedule(ObjectKey key, TimeSpan after)
    {
        Cancel(key);
        var wait = after < TimeSpan.Zero ? TimeSpan.Zero : after < LongestWait ? after : LongestWait;
        _timers[key] = _time.CreateTimer(_ => Due(key), null, wait, Timeout.InfiniteTimeSpan);
    }

    private void Due(ObjectKey key)
    {
        lock (_gate)
        {
            Cancel(key);
        }

        Enqueue(key);
    }

    private void Cancel(ObjectKey key)
    {
        if (_timers.Remove(key, out var timer))
        {
            timer.Dispose();
        }
    }
}
