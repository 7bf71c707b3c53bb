namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>Pauses of a loop after failures: doubling, with jitter so that many loops do not return together.</summary>
internal sealed class BackOff(TimeSpan first, TimeSpan max)
{
    private int _failures;

    public void Reset() => _failures = 0;

    /// <summary>Waits for the next pause.</summary>
    public Task WaitAsync(TimeProvider time, CancellationToken ct) => Task.Delay(Next(), time, ct);

    private TimeSpan Next()
    {
        var factor = Math.Pow(2, Math.Min(_failures++, 16));
        var plain = Math.Min(first.TotalMilliseconds * factor, max.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(plain * (0.75 + (Random.Shared.NextDouble() * 0.5)));
    }
}
