using System.Globalization;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>What the health of the backups is judged by; what is wrong with the configuration was found before.</summary>
internal sealed record HealthFacts
{
    /// <summary>The backups of the instance.</summary>
    public required IReadOnlyCollection<BackupFacts> Backups { get; init; }

    /// <summary>When they are made.</summary>
    public BackupSchedule? Schedule { get; init; }

    /// <summary>Since when that counts.</summary>
    public DateTimeOffset? Since { get; init; }

    /// <summary>When sets are restored for a test.</summary>
    public BackupSchedule? Verification { get; init; }

    /// <summary>Since when that counts.</summary>
    public DateTimeOffset? VerificationSince { get; init; }

    /// <summary>Name of the set volume's claim.</summary>
    public required string Claim { get; init; }

    /// <summary>Whether that claim has a volume.</summary>
    public bool IsBound { get; init; } = true;
}

/// <summary>Are the backups as somebody would need them today? Pure.</summary>
internal static class BackupHealth
{
    /// <summary>A claim may wait so long for its volume once a pod needs it.</summary>
    public static readonly TimeSpan VolumePatience = TimeSpan.FromMinutes(10);

    /// <summary>A set that expired may take so long to go.</summary>
    public static readonly TimeSpan ExpiryPatience = TimeSpan.FromDays(1);

    /// <summary>Sets that the newest one is compared with, and how many there must be.</summary>
    private const int Compared = 5;
    private const int LeastCompared = 3;

    /// <summary>Below this size of a part, half of it says nothing.</summary>
    private const long Negligible = 1 << 20;

    /// <summary>The judgement; it changes by the clock alone at <see cref="NextChange"/> at the earliest.</summary>
    public static StepOutcome Judge(HealthFacts facts, DateTimeOffset now) =>
        Making(facts, now) ?? Age(facts, now) ?? Proof(facts, now) ?? Oddity(facts, now) ?? (StepOutcome)Well(facts, now);

    /// <summary>When the judgement may change although nothing else does.</summary>
    public static DateTimeOffset? NextChange(HealthFacts facts, DateTimeOffset now) => ((DateTimeOffset?[])
    [
        facts.Schedule?.Next(now),
        facts.Verification?.Next(now),
        facts.IsBound ? null : Running(facts).Min(backup => backup.Started) + VolumePatience,
        Expiring(facts).Min(backup => backup.Deleting) + ExpiryPatience,
    ]).Where(time => time > now).Min();

    /// <summary>When the newest set that is there was finished.</summary>
    public static DateTimeOffset? LastSuccess(IEnumerable<BackupFacts> backups) => backups.Where(backup => backup is { IsCompleted: true, Deleting: null }).Max(backup => backup.Finished);

    private static StepOutcome.Degraded? Making(HealthFacts facts, DateTimeOffset now)
    {
        if (!facts.IsBound && Running(facts).Any(backup => backup.Started + VolumePatience <= now))
        {
            return new StepOutcome.Degraded(BackupsReasons.VolumePending, $"A backup waits for PersistentVolumeClaim {facts.Claim}, which has no volume. See kubectl describe pvc {facts.Claim}.");
        }

        return RetentionPlan.LastEnded(facts.Backups.Where(backup => backup.RestoreUid is null)) is { IsFailed: true } failed
            ? new StepOutcome.Degraded(BackupsReasons.LastBackupFailed, $"Backup {failed.Name} failed ({failed.Reason}), and none has succeeded since. {LastOne(facts)} See kubectl describe fab {failed.Name}; the next one is made at the next tick, or now with kubectl create. Until one succeeds, the retention deletes nothing.")
            : null;
    }

    private static StepOutcome.Degraded? Age(HealthFacts facts, DateTimeOffset now)
    {
        // Of the last two ticks the earlier one has had its time; what it should have made is there, or is missing.
        if (facts.Schedule?.Latest(now) is not { } latest || facts.Schedule.Before(latest) is not { } earlier)
        {
            return null;
        }

        var success = LastSuccess(facts.Backups);
        return (success > facts.Since ? success : facts.Since) < earlier
            ? new StepOutcome.Degraded(BackupsReasons.Outdated, $"No backup has succeeded since the tick at {BackupFacts.Text(earlier)}. {LastOne(facts)} See kubectl get fab: what is it that the present one waits for?")
            : null;
    }

    private static StepOutcome.Degraded? Proof(HealthFacts facts, DateTimeOffset now)
    {
        if (RetentionPlan.FailedVerification(facts.Backups) is { } bad)
        {
            return new StepOutcome.Degraded(BackupsReasons.VerificationFailed, $"The test restore of backup {bad.Name} failed: {bad.LastVerification!.Message} Look into it before you need the set. Until one succeeds, the retention deletes nothing.");
        }

        if (facts.Verification?.Latest(now) is not { } latest || facts.Verification.Before(latest) is not { } earlier)
        {
            return null;
        }

        // Neither a set nor a schedule that came later has missed that tick.
        var since = facts.Backups.Max(backup => backup.Verified) ?? facts.Backups.Where(backup => backup.IsCompleted).Min(backup => backup.Finished);
        return since < earlier && !(facts.VerificationSince >= earlier)
            ? new StepOutcome.Degraded(BackupsReasons.VerificationOutdated, $"No test restore has succeeded since the tick of spec.backup.verification.schedule at {BackupFacts.Text(earlier)}. See kubectl describe fab of the newest backup.")
            : null;
    }

    private static StepOutcome.Degraded? Oddity(HealthFacts facts, DateTimeOffset now)
    {
        if (Shrunk(facts) is { } shrunk)
        {
            return shrunk;
        }

        // What the Job has said is told at once; a Job that says nothing may only be slow.
        return Expiring(facts).FirstOrDefault(backup => backup.FilesLeft is not null || backup.Deleting + ExpiryPatience <= now) is { } stuck
            ? new StepOutcome.Degraded(BackupsReasons.RetentionStuck, $"Backup {stuck.Name} has expired, and its files are not deleted. {(stuck.FilesLeft is { } why ? why + " It is tried again every ten minutes" : $"See kubectl describe fab {stuck.Name}")}; nothing else expires meanwhile.")
            : null;
    }

    private static StepOutcome.Degraded? Shrunk(HealthFacts facts)
    {
        BackupFacts[] newestFirst = [.. facts.Backups.Where(backup => backup is { IsCompleted: true, Deleting: null }).OrderByDescending(backup => backup.Created)];
        foreach (var part in (BackupPart[])[BackupPart.Database, BackupPart.Files])
        {
            if (newestFirst.FirstOrDefault() is not { } newest || !newest.Parts.TryGetValue(part, out var size))
            {
                continue;
            }

            long[] before = [.. newestFirst.Skip(1).Where(set => set.Parts.ContainsKey(part)).Take(Compared).Select(set => set.Parts[part]).Order()];
            if (before.Length >= LeastCompared && before[before.Length / 2] is var usual && usual >= Negligible && size < usual / 2)
            {
                return new StepOutcome.Degraded(BackupsReasons.SizeShrank, string.Create(
                    CultureInfo.InvariantCulture,
                    $"The part {part} of the newest backup, {newest.Name}, has {size} bytes; usual are {usual}. If nobody deleted that much, put the annotation family-assistant.io/keep: \"true\" on an earlier backup and look into it. If it is meant, this ends by itself when most sets are of the new size."));
            }
        }

        return null;
    }

    private static StepOutcome.Settled Well(HealthFacts facts, DateTimeOffset now)
    {
        if (facts.Schedule is null)
        {
            return new StepOutcome.Settled(BackupsReasons.NoSchedule, $"spec.backup.schedule is not set: backups are made when somebody asks. {LastOne(facts)}");
        }

        var next = facts.Schedule.Next(now) is { } tick ? $" The next tick is at {BackupFacts.Text(tick)}." : "";
        return LastSuccess(facts.Backups) is null
            ? new StepOutcome.Settled(BackupsReasons.NoBackupYet, $"No backup has been made yet.{next}")
            : new StepOutcome.Settled(BackupsReasons.Healthy, $"{LastOne(facts)}{next}");
    }

    private static string LastOne(HealthFacts facts) => LastSuccess(facts.Backups) is { } success ? $"The last one succeeded at {BackupFacts.Text(success)}." : "None has ever succeeded.";

    private static IEnumerable<BackupFacts> Running(HealthFacts facts) => facts.Backups.Where(backup => backup is { Phase: ProcedurePhases.Running, Started: not null });

    private static IEnumerable<BackupFacts> Expiring(HealthFacts facts) => facts.Backups.Where(backup => backup is { Expired: not null, Deleting: not null });
}
