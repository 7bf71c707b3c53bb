namespace FamilyAssistant.Operator.Adapters.Monitoring;

/// <summary>Arithmetic of the times between looks.</summary>
internal static class LookTimes
{
    /// <summary>Doubles from <paramref name="least"/> to <paramref name="most"/> with every failure in a row; the first failure gives <paramref name="least"/>.</summary>
    public static TimeSpan BackOff(TimeSpan least, TimeSpan most, int failuresInARow)
    {
        var doublings = Math.Clamp(failuresInARow - 1, 0, 20);
        var time = TimeSpan.FromTicks(least.Ticks << doublings);
        return time < most ? time : most;
    }

    /// <summary>Spreads looks that began together, by at most a tenth either way.</summary>
    /// <param name="time">The middle.</param>
    /// <param name="random">From 0 up to 1.</param>
    public static TimeSpan Jitter(TimeSpan time, double random) => time * (0.9 + (0.2 * random));
}
