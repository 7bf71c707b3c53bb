using System.Collections.Immutable;
using System.Globalization;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>What the retention thinks of one set.</summary>
/// <param name="Set">The set.</param>
/// <param name="KeptBecause">Why it stays; empty: it goes.</param>
/// <param name="Expires">Why it goes; empty: it stays.</param>
internal sealed record RetentionVerdict(BackupFacts Set, ImmutableArray<string> KeptBecause, string Expires)
{
    /// <summary>Whether it goes.</summary>
    public bool Goes => KeptBecause.IsEmpty;
}

/// <summary>
/// Which of the sets that exist stay (grandfather, father, son), and which go. It is asked about one moment and remembers nothing: what it lets go once it lets go again, and the generations
/// are counted over days, weeks and months that have a set, so that a pause in the backups ends none of them. Pure.
/// </summary>
internal static class RetentionPlan
{
    /// <summary>Failed backups that are kept to be looked at.</summary>
    public const int FailedKept = 10;

    /// <summary>The verdict on each completed set that is not being deleted, the oldest first.</summary>
    /// <param name="policy">The generations.</param>
    /// <param name="zone">Zone of the days, weeks and months.</param>
    /// <param name="backups">Every backup of the instance.</param>
    /// <param name="inUse">What unfinished restores need.</param>
    /// <param name="now">The moment.</param>
    public static ImmutableArray<RetentionVerdict> Decide(RetentionSpec policy, TimeZoneInfo zone, IReadOnlyCollection<BackupFacts> backups, RestoresInProgress inUse, DateTimeOffset now)
    {
        BackupFacts[] sets = [.. backups.Where(backup => backup is { IsCompleted: true, Deleting: null }).OrderBy(set => set.Created).ThenBy(set => set.Name, StringComparer.Ordinal)];
        var because = sets.ToDictionary(set => set.Name, _ => new List<string>());

        // Each origin for itself: what a restore put aside, perhaps of a broken database, must not take the place of the night's backup.
        foreach (var origin in sets.Where(IsConcerned).GroupBy(set => set.Origin))
        {
            Generations(policy, zone, [.. origin.Reverse()], because, now);
        }

        Always(backups, sets, inUse, because);
        return [.. sets.Select(set => new RetentionVerdict(set, [.. because[set.Name]], because[set.Name].Count == 0 ? Reason(policy, set, now) : ""))];
    }

    /// <summary>The next set to go, the oldest first; null when all stay. One at a time: nothing while another one is on its way out.</summary>
    public static RetentionVerdict? Next(ImmutableArray<RetentionVerdict> verdicts, IReadOnlyCollection<BackupFacts> backups) =>
        backups.Any(backup => backup is { Deleting: not null, Expired: not null }) ? null : verdicts.FirstOrDefault(verdict => verdict.Goes);

    /// <summary>Names of what would go if a scheduled backup succeeded at this time, the first to go first.</summary>
    public static ImmutableArray<string> AfterNext(RetentionSpec policy, TimeZoneInfo zone, IReadOnlyCollection<BackupFacts> backups, RestoresInProgress inUse, DateTimeOffset at)
    {
        var next = new BackupFacts { Name = "", Created = at, Origin = WireNames.BackupOfSchedule, Tick = at, Phase = ProcedurePhases.Completed, Finished = at };
        var verdicts = Decide(policy, zone, [.. backups.Select(backup => backup with { LastVerification = null }), next], inUse, at);
        return [.. verdicts.Where(verdict => verdict.Goes).Select(verdict => verdict.Set.Name)];
    }

    /// <summary>The next of the failed backups to be deleted; they have no files. Null when there are few enough.</summary>
    public static BackupFacts? NextFailed(IReadOnlyCollection<BackupFacts> backups, RestoresInProgress inUse) => backups
        .Where(backup => backup is { IsFailed: true, Deleting: null } && IsConcerned(backup) && backup is { IsKept: false, IsManaged: false } && !inUse.Needs(backup))
        .OrderByDescending(backup => backup.Created).ThenByDescending(backup => backup.Name, StringComparer.Ordinal)
        .Skip(FailedKept)
        .LastOrDefault();

    /// <summary>Whether it is the newest that ended, and failed.</summary>
    public static bool IsLastFailed(IReadOnlyCollection<BackupFacts> backups) => LastEnded(backups) is { IsFailed: true };

    /// <summary>The newest that ended; of two in the same second, the failed one.</summary>
    public static BackupFacts? LastEnded(IEnumerable<BackupFacts> backups) =>
        backups.Where(backup => !backup.IsUnfinished && backup.Finished is not null).OrderBy(backup => backup.Finished).ThenBy(backup => backup.IsFailed).LastOrDefault();

    /// <summary>The last test restore failed and none has succeeded since.</summary>
    public static BackupFacts? FailedVerification(IReadOnlyCollection<BackupFacts> backups) =>
        backups.Where(backup => BackupFacts.Time(backup.LastVerification?.FinishedAt) is not null).OrderBy(backup => BackupFacts.Time(backup.LastVerification!.FinishedAt)).LastOrDefault() is { } last
        && IsVerificationBad(last)
        && !backups.Any(backup => backup.Verified > BackupFacts.Time(last.LastVerification!.FinishedAt))
            ? last
            : null;

    private static bool IsVerificationBad(BackupFacts backup) => backup.LastVerification is { Result: "Failed" };

    /// <summary>Only what operators made for a reason that passes; what a person asked for stays until a person deletes it.</summary>
    private static bool IsConcerned(BackupFacts backup) => backup.Origin is WireNames.BackupOfSchedule or WireNames.BackupOfRestore;

    private static void Generations(RetentionSpec policy, TimeZoneInfo zone, IReadOnlyList<BackupFacts> newestFirst, Dictionary<string, List<string>> because, DateTimeOffset now)
    {
        var oldest = policy.MaxAge is { } text ? now - Duration.Parse(text) : DateTimeOffset.MinValue;
        Keep("last", policy.KeepLast, set => set.Name);
        Keep("daily", policy.Daily, set => Day(set).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Keep("weekly", policy.Weekly, set => Monday(Day(set)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));
        Keep("monthly", policy.Monthly, set => Day(set).ToString("yyyy-MM", CultureInfo.InvariantCulture));

        void Keep(string generation, int count, Func<BackupFacts, string> period)
        {
            foreach (var newest in newestFirst.DistinctBy(period).Take(count).Where(set => set.Created >= oldest))
            {
                because[newest.Name].Add(generation);
            }
        }

        DateOnly Day(BackupFacts set) => DateOnly.FromDateTime(TimeZoneInfo.ConvertTime(set.Created, zone).DateTime);
    }

    private static DateOnly Monday(DateOnly day) => day.AddDays(-(((int)day.DayOfWeek + 6) % 7));

    private static void Always(IReadOnlyCollection<BackupFacts> backups, BackupFacts[] sets, RestoresInProgress inUse, Dictionary<string, List<string>> because)
    {
        var newest = sets.LastOrDefault();
        var verified = sets.Where(set => set.Verified is not null).MaxBy(set => set.Verified);
        var failed = IsLastFailed(backups) || FailedVerification(backups) is not null;
        foreach (var set in sets)
        {
            (bool Applies, string Text)[] reasons =
            [
                (set == newest, "newest"),
                (set == verified, "last verified"),
                (failed, "a failure came after it"),
                (!IsConcerned(set), "asked for by hand"),
                (set.IsKept, "keep annotation"),
                (set.IsManaged, "managed by a GitOps tool"),
                (inUse.Needs(set), "a restore needs it"),
            ];
            because[set.Name].AddRange(reasons.Where(reason => reason.Applies).Select(reason => reason.Text));
        }
    }

    private static string Reason(RetentionSpec policy, BackupFacts set, DateTimeOffset now) =>
        policy.MaxAge is { } age && set.Created < now - Duration.Parse(age)
            ? $"older than spec.backup.retention.maxAge ({age})"
            : string.Create(CultureInfo.InvariantCulture, $"in no generation of spec.backup.retention (keepLast {policy.KeepLast}, daily {policy.Daily}, weekly {policy.Weekly}, monthly {policy.Monthly})");
}
