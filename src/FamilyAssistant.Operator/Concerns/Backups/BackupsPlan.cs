using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>What the status says about the ticks that were accounted for.</summary>
/// <param name="Schedule">Schedule and time zone that the rest is about.</param>
/// <param name="Since">Since when they count.</param>
/// <param name="Last">The last tick that has a backup or was recorded as missed.</param>
/// <param name="Missed">Those without a backup.</param>
internal sealed record TickRecord(string? Schedule, DateTimeOffset? Since, DateTimeOffset? Last, MissedTicks? Missed)
{
    /// <summary>Nothing is recorded.</summary>
    public static TickRecord Empty { get; } = new(null, null, null, null);

    /// <summary>Reads it from a status.</summary>
    public static TickRecord Of(BackupPolicyStatus? status) =>
        status is null ? Empty : new(status.Schedule, BackupFacts.Time(status.ScheduledSince), BackupFacts.Time(status.LastScheduled), status.Missed);

    /// <summary>With so many more that were missed.</summary>
    public TickRecord Miss(int count, DateTimeOffset? last) =>
        count == 0 || last is not { } tick ? this : this with { Missed = new MissedTicks { Count = (Missed?.Count ?? 0) + count, Last = BackupFacts.Text(tick) } };
}

/// <summary>
/// What the schedule wants now. Each tick has one backup or is recorded as missed, whoever died in between and whatever the clock did: the name of a tick's backup is fixed, the objects that
/// exist count as much as the record, and of several ticks that passed unseen only the latest is made up for. Pure.
/// </summary>
internal sealed record BackupsPlan
{
    /// <summary>The record as it is without an act.</summary>
    public required TickRecord Record { get; init; }

    /// <summary>The tick for which a backup is to be made now; null: none.</summary>
    public DateTimeOffset? Due { get; init; }

    /// <summary>A tick is due, but an earlier scheduled backup has not ended.</summary>
    public bool Waits { get; init; }

    /// <summary>The record once the backup of <see cref="Due"/> exists.</summary>
    public TickRecord? Done { get; init; }

    /// <summary>Ticks that are recorded as missed by this.</summary>
    public int Missed { get; init; }

    /// <summary>The last of them.</summary>
    public DateTimeOffset? LastMissed { get; init; }

    /// <summary>The next tick.</summary>
    public DateTimeOffset? Next { get; init; }

    /// <summary>The record once <see cref="Due"/> itself is given up.</summary>
    public TickRecord? GivenUp => Done?.Miss(1, Due);

    /// <summary>Pure decision.</summary>
    /// <param name="schedule">The schedule; null: there is none, or none that can be followed.</param>
    /// <param name="text">What identifies it.</param>
    /// <param name="before">The record so far.</param>
    /// <param name="backups">The backups of the instance.</param>
    /// <param name="now">The time.</param>
    public static BackupsPlan Decide(BackupSchedule? schedule, string? text, TickRecord before, IReadOnlyCollection<BackupFacts> backups, DateTimeOffset now)
    {
        if (schedule is null)
        {
            // What was missed stays told for as long as there is a schedule of that name, even one that cannot be read at present.
            return new BackupsPlan { Record = text is null ? TickRecord.Empty : before };
        }

        var record = Begin(schedule, text, before, now);
        var since = record.Since!.Value;
        var plan = new BackupsPlan { Record = record, Next = schedule.Next(now) };
        if (schedule.Latest(now) is not { } due || due < since || due <= record.Last)
        {
            return plan;
        }

        var made = backups.Where(backup => backup.IsScheduled).Select(backup => backup.Tick!.Value).ToHashSet();
        var after = record.Last is { } last && last >= since ? last : since.AddTicks(-1);
        var missed = schedule.Count(after, due) - made.Count(tick => tick > after && tick < due);
        var lastMissed = missed > 0 ? LastMissing(schedule, due, made) : null;
        var done = (record with { Last = due }).Miss(Math.Max(0, missed), lastMissed);
        plan = plan with { Missed = Math.Max(0, missed), LastMissed = lastMissed };
        return made.Contains(due) ? plan with { Record = done }
            : backups.Any(backup => backup is { IsScheduled: true, IsUnfinished: true }) ? plan with { Waits = true, Missed = 0, LastMissed = null }
            : plan with { Due = due, Done = done };
    }

    private static TickRecord Begin(BackupSchedule schedule, string? text, TickRecord before, DateTimeOffset now)
    {
        // Whole seconds, as the status has it: what is written and read again stays the same.
        var second = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        if (before.Schedule != text || before.Since is not { } since)
        {
            return before with { Schedule = text, Since = second };
        }

        // A clock that is set back leaves a record of the future. One tick ahead is simply waited for; more would hold the schedule up, and all of them are accounted for.
        var ahead = before.Last is { } last && schedule.Next(now) is { } next && last > next;
        return before with { Since = since > second ? second : since, Last = ahead ? schedule.Latest(now) : before.Last };
    }

    private static DateTimeOffset? LastMissing(BackupSchedule schedule, DateTimeOffset due, HashSet<DateTimeOffset> made)
    {
        var tick = schedule.Before(due);
        while (tick is { } at && made.Contains(at))
        {
            tick = schedule.Before(at);
        }

        return tick;
    }
}
