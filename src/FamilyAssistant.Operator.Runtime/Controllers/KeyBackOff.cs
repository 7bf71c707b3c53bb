namespace FamilyAssistant.Operator.Runtime.Controllers;

/// <summary>Pauses of one key after failed passes: doubling from the first to the longest, with jitter so that many keys do not return together.</summary>
/// <param name="First">Pause after the first failure.</param>
/// <param name="Longest">Upper bound.</param>
/// <param name="Jitter">A number in [0, 1) for each call.</param>
internal sealed record KeyBackOff(TimeSpan First, TimeSpan Longest, Func<double> Jitter)
{
    /// <summary>100 ms to 5 min.</summary>
    public static KeyBackOff Default { get; } = new(TimeSpan.FromMilliseconds(100), TimeSpan.FromMinutes(5), Random.Shared.NextDouble);

    /// <summary>The pause after this many earlier failures.</summary>
    public TimeSpan After(int failures)
    {
        var plain = Math.Min(First.TotalMilliseconds * Math.Pow(2, Math.Min(failures, 30)), Longest.TotalMilliseconds);
        return TimeSpan.FromMilliseconds(plain * (0.8 + (0.4 * Jitter())));
    }
}
