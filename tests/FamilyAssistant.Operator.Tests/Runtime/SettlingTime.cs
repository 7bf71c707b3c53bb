using Microsoft.Extensions.Time.Testing;

namespace FamilyAssistant.Operator.Tests.Runtime;

/// <summary>A clock that moves only when a loop waits for it again: however slow the machine, the loop reacts at the time that the test means.</summary>
internal sealed class SettlingTime : FakeTimeProvider
{
    private int _waiting;

    /// <summary>Advances in small steps until the time has passed or <paramref name="loop"/> has ended.</summary>
    public async Task AdvanceAsync(TimeSpan time, Task loop)
    {
        var step = TimeSpan.FromMilliseconds(100);
        for (var passed = TimeSpan.Zero; passed < time && !loop.IsCompleted; passed += step)
        {
            Advance(step);
            await Eventually.HoldsAsync(() => Volatile.Read(ref _waiting) > 0 || loop.IsCompleted, "the loop to wait again");
        }
    }

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
    {
        Interlocked.Increment(ref _waiting);
        var open = 1;
        void Close()
        {
            if (Interlocked.Exchange(ref open, 0) == 1)
            {
                Interlocked.Decrement(ref _waiting);
            }
        }

        return new Timer(
            base.CreateTimer(
                s =>
                {
                    Close();
                    callback(s);
                },
                state,
                dueTime,
                period),
            Close);
    }

    private sealed class Timer(ITimer inner, Action close) : ITimer
    {
        public bool Change(TimeSpan dueTime, TimeSpan period) => inner.Change(dueTime, period);

        public void Dispose()
        {
            close();
            inner.Dispose();
        }

        public ValueTask DisposeAsync()
        {
            close();
            return inner.DisposeAsync();
        }
    }
}
