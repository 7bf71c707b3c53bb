using System.Collections.Concurrent;
using FamilyAssistant.Operator.Tests.Runtime;
using Microsoft.Extensions.Time.Testing;

namespace FamilyAssistant.Operator.Tests.Adapters.Monitoring;

/// <summary>A clock that moves only by hand and tells for how long the loop under test goes to sleep. Waits of the test's own use an hour, which is left out.</summary>
internal sealed class TimerLog : FakeTimeProvider
{
    private readonly ConcurrentQueue<TimeSpan> _sleeps = new();
    private int _open;

    /// <summary>Whether a sleep began that was not asked for by <see cref="NextAsync"/> yet.</summary>
    public bool IsSleeping => !_sleeps.IsEmpty;

    /// <summary>Sleeps and waits that have begun and not ended.</summary>
    public int Open => Volatile.Read(ref _open);

    /// <summary>Length of the next sleep, in the order in which they began.</summary>
    public async Task<TimeSpan> NextAsync()
    {
        TimeSpan length = default;
        await Eventually.HoldsAsync(() => _sleeps.TryDequeue(out length), "the loop to sleep");
        return length;
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        var timer = new Counted(base.CreateTimer(callback, state, dueTime, period), this);
        if (dueTime < TimeSpan.FromHours(1) && dueTime > TimeSpan.Zero)
        {
            _sleeps.Enqueue(dueTime);
        }

        return timer;
    }

    private sealed class Counted : ITimer
    {
        private readonly ITimer _inner;
        private TimerLog? _log;

        public Counted(ITimer inner, TimerLog log)
        {
            _inner = inner;
            _log = log;
            Interlocked.Increment(ref log._open);
        }

        public bool Change(TimeSpan dueTime, TimeSpan period) => _inner.Change(dueTime, period);

        public void Dispose()
        {
            if (Interlocked.Exchange(ref _log, null) is { } log)
            {
                Interlocked.Decrement(ref log._open);
            }

            _inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
