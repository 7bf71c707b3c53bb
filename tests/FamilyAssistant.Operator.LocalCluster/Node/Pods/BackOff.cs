namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>
/// A kubelet's delay between attempts: none before the first repetition, then the first delay, doubling up to the limit; forgotten after twice the limit without one.
/// </summary>
internal sealed class BackOff(TimeSpan first, TimeSpan limit)
{
    private DateTimeOffset _grownAt;

    /// <summary>The delay now; zero before <see cref="Grow"/>.</summary>
    public TimeSpan Delay { get; private set; }

    /// <summary>Until when to wait after something failed at the given time.</summary>
    public DateTimeOffset Until(DateTimeOffset failedAt) => IsForgotten(failedAt) ? failedAt : failedAt + Delay;

    /// <summary>Notes another attempt.</summary>
    public void Grow(DateTimeOffset now)
    {
        Delay = Delay == TimeSpan.Zero || IsForgotten(now) ? first : TimeSpan.FromTicks(Math.Min(Delay.Ticks * 2, limit.Ticks));
        _grownAt = now;
    }

    /// <summary>It worked.</summary>
    public void Reset() => Delay = TimeSpan.Zero;

    private bool IsForgotten(DateTimeOffset now) => now - _grownAt > limit * 2;
}
