using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>The backups of an instance.</summary>
public sealed record BackupPolicyStatus
{
    /// <summary>Since when the present schedule counts; ticks before are not caught up.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? ScheduledSince { get; init; }

    /// <summary>The schedule and time zone that <see cref="ScheduledSince"/> is about.</summary>
    [Schema(MaxLength = 256)]
    public string? Schedule { get; init; }

    /// <summary>Since when the present schedule of the test restores counts; none of an earlier tick is missed.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? VerificationSince { get; init; }

    /// <summary>The schedule and time zone that <see cref="VerificationSince"/> is about.</summary>
    [Schema(MaxLength = 256)]
    public string? VerificationSchedule { get; init; }

    /// <summary>The last tick for which a backup was made or recorded as missed.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? LastScheduled { get; init; }

    /// <summary>The next tick.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? NextScheduled { get; init; }

    /// <summary>Ticks that had no backup of their own.</summary>
    public MissedTicks? Missed { get; init; }

    /// <summary>When the newest completed set was finished.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? LastSuccessful { get; init; }

    /// <summary>When a set was last proven by a test restore.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? LastVerified { get; init; }

    /// <summary>The newest backup that failed, while no later one succeeded.</summary>
    public BackupFailure? LastFailure { get; init; }

    /// <summary>Completed sets that have an object.</summary>
    public int? Sets { get; init; }

    /// <summary>Size of those sets in bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>Names of the backups that the retention deletes after the next one succeeds, the first to go first; at most ten.</summary>
    [Schema(MaxItems = 10, MaxLength = 253)]
    public IReadOnlyList<string>? NextToExpire { get; init; }
}

/// <summary>Ticks without a backup.</summary>
public sealed record MissedTicks
{
    /// <summary>How many in all; from 1000 on not counted further for one gap.</summary>
    public required long Count { get; init; }

    /// <summary>The last of them.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public required string Last { get; init; }
}

/// <summary>A backup that failed.</summary>
public sealed record BackupFailure
{
    /// <summary>Name of the FamilyAssistantBackup.</summary>
    [Schema(MaxLength = 253)]
    public required string Name { get; init; }

    /// <summary>When.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public required string Time { get; init; }

    /// <summary>Its reason.</summary>
    [Schema(MaxLength = 128)]
    public required string Reason { get; init; }
}
