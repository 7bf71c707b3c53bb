using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>The part <c>backup</c> of the instance's status, and the gauges. Pure.</summary>
internal static class BackupPolicyReport
{
    private const int MostNames = 10;

    /// <summary>The status; null when there is nothing to tell.</summary>
    /// <param name="record">What is recorded of the ticks.</param>
    /// <param name="verification">Since when the test restores count.</param>
    /// <param name="next">The next tick.</param>
    /// <param name="backups">The backups of the instance.</param>
    /// <param name="nextToExpire">What the next success makes go.</param>
    public static BackupPolicyStatus? Status(TickRecord record, VerificationRecord? verification, DateTimeOffset? next, IReadOnlyCollection<BackupFacts> backups, ImmutableArray<string> nextToExpire)
    {
        BackupFacts[] sets = Sets(backups);
        var status = new BackupPolicyStatus
        {
            ScheduledSince = Text(record.Since),
            Schedule = record.Schedule,
            VerificationSince = Text(verification?.Since),
            VerificationSchedule = verification?.Schedule,
            LastScheduled = Text(record.Last),
            NextScheduled = Text(next),
            Missed = record.Missed,
            LastSuccessful = Text(BackupHealth.LastSuccess(backups)),
            LastVerified = Text(backups.Max(backup => backup.Verified)),
            LastFailure = RetentionPlan.LastEnded(backups) is { IsFailed: true, Finished: { } at } failed ? new BackupFailure { Name = failed.Name, Time = BackupFacts.Text(at), Reason = failed.Reason ?? "" } : null,
            Sets = sets.Length == 0 ? null : sets.Length,
            SizeBytes = sets.Length == 0 ? null : sets.Sum(set => set.SizeBytes),
            NextToExpire = nextToExpire.IsEmpty ? null : [.. nextToExpire.Take(MostNames)],
        };
        return status == new BackupPolicyStatus() ? null : status;
    }

    /// <summary>The gauges.</summary>
    public static BackupFigures Figures(DateTimeOffset? next, IReadOnlyCollection<BackupFacts> backups)
    {
        var sets = Sets(backups);
        return new BackupFigures(BackupHealth.LastSuccess(backups), backups.Max(backup => backup.Verified), sets.MaxBy(set => set.Created)?.SizeBytes, sets.Length, next);
    }

    private static BackupFacts[] Sets(IEnumerable<BackupFacts> backups) => [.. backups.Where(backup => backup is { IsCompleted: true, Deleting: null })];

    private static string? Text(DateTimeOffset? time) => time is { } at ? BackupFacts.Text(at) : null;
}
