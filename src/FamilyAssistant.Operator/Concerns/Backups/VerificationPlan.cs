using System.Globalization;
using FamilyAssistant.Operator.Api.Backups;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Whether a completed backup is due for a test restore by the schedule. Pure.</summary>
internal abstract record VerificationPlan
{
    /// <summary><see cref="BackupVerificationRun.Result"/> of one that has not ended.</summary>
    public const string Running = "Running";

    /// <summary>Of one that ended well.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>Of one that did not.</summary>
    public const string Failed = "Failed";

    private VerificationPlan()
    {
    }

    /// <summary>Nothing, until something changes.</summary>
    internal sealed record Rest : VerificationPlan;

    /// <summary>Nothing before this time.</summary>
    internal sealed record Wait(DateTimeOffset Next) : VerificationPlan;

    /// <summary>Write down that it begins for this tick.</summary>
    internal sealed record Begin(DateTimeOffset Tick) : VerificationPlan;

    /// <summary>It stands in the status; go on with it.</summary>
    internal sealed record Continue(BackupVerificationRun Run, DateTimeOffset Tick) : VerificationPlan;

    /// <summary>
    /// The decision. Only the newest set is verified, and each tick once, whichever set was the newest then: a tick counts from the last one that any set of the instance was verified for, or
    /// from the end of the oldest backup that there is. Of several that were missed the last one is made up for.
    /// </summary>
    /// <param name="own">The backup.</param>
    /// <param name="all">All backups of its instance.</param>
    /// <param name="schedule">The schedule; null: there is none, or it cannot be read.</param>
    /// <param name="now">The time.</param>
    public static VerificationPlan Decide(BackupFacts own, IReadOnlyCollection<BackupFacts> all, BackupSchedule? schedule, DateTimeOffset now)
    {
        if (own.LastVerification is { Result: Running } run && BackupFacts.Time(run.Tick) is { } begun)
        {
            return new Continue(run, begun);
        }

        if (schedule is null || !own.IsCompleted || own.Deleting is not null || own.Expired is not null || !own.Parts.ContainsKey(BackupPart.Database) || Newest(all)?.Name != own.Name)
        {
            return new Rest();
        }

        var since = all.Select(facts => BackupFacts.Time(facts.LastVerification?.Tick)).Max()
            ?? all.Where(facts => facts.IsCompleted).Select(facts => facts.Finished).Min()
            ?? now;
        return schedule.Latest(now) is { } tick && tick > since ? new Begin(tick)
            : schedule.Next(now) is { } next ? new Wait(next)
            : new Rest();
    }

    /// <summary>The newest complete set that is not about to go.</summary>
    public static BackupFacts? Newest(IEnumerable<BackupFacts> all) =>
        all.Where(facts => facts.IsCompleted && facts.Deleting is null && facts.Expired is null).OrderBy(facts => facts.Created).ThenBy(facts => facts.Name, StringComparer.Ordinal).LastOrDefault();

    /// <summary>End of the Job's name.</summary>
    public static string JobSuffix(DateTimeOffset tick, int attempt) => string.Create(CultureInfo.InvariantCulture, $"test-{tick.UtcDateTime:yyyyMMddHHmm}-{attempt}");
}
