namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>When the log of a container is looked at. Pure.</summary>
internal static class LookSchedule
{
    /// <summary>While a conflict is known, or the application says that something is wrong.</summary>
    public static readonly TimeSpan Suspicious = TimeSpan.FromSeconds(30);

    /// <summary>Ages of a container at which a conflict that was there from its start shows; by the last one the library's pauses have grown to their longest.</summary>
    private static readonly TimeSpan[] AfterStart = [TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(2)];

    /// <summary>Whether a container of this age is worth a look: one that has hardly begun has nothing to tell.</summary>
    public static bool IsDue(TimeSpan age, bool suspicious) => suspicious || age >= AfterStart[0];

    /// <summary>Time until the next look at a container of this age.</summary>
    /// <param name="age">Age of the container.</param>
    /// <param name="suspicious">Whether there is a reason to look.</param>
    /// <param name="interval">Time between looks without a reason; zero: none.</param>
    public static TimeSpan Next(TimeSpan age, bool suspicious, TimeSpan interval)
    {
        var regular = interval > TimeSpan.Zero ? interval : TimeSpan.MaxValue;
        var next = AfterStart.Where(mark => mark > age).Select(mark => mark - age).Append(regular).Min();
        return suspicious && next > Suspicious ? Suspicious : next == TimeSpan.MaxValue ? Timeout.InfiniteTimeSpan : next;
    }
}
