using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Since when the schedule of the test restores counts: sets that were there before it have not missed its ticks. Pure.</summary>
/// <param name="Schedule">Schedule and time zone; null: there is none.</param>
/// <param name="Since">Since when.</param>
internal sealed record VerificationRecord(string? Schedule, DateTimeOffset? Since)
{
    /// <summary>What is recorded, or begins now.</summary>
    /// <param name="policy">The policy.</param>
    /// <param name="status">What stands in the status.</param>
    /// <param name="now">The time.</param>
    public static VerificationRecord Of(BackupPolicySpec policy, BackupPolicyStatus? status, DateTimeOffset now)
    {
        if (policy.Verification is not { } verification)
        {
            return new VerificationRecord(null, null);
        }

        // Whole seconds, as the status has it: what is written and read again stays the same.
        var second = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        var text = $"{verification.Schedule} {policy.TimeZone}";
        return new VerificationRecord(text, status?.VerificationSchedule == text && BackupFacts.Time(status.VerificationSince) is { } since && since <= second ? since : second);
    }
}
