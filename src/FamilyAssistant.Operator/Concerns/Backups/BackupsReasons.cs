namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Reasons of <c>BackupsHealthy</c>. See docs/conditions.md.</summary>
internal static class BackupsReasons
{
    /// <summary>True: backups are made, proven and not too old.</summary>
    public const string Healthy = "BackupsHealthy";

    /// <summary>True: the instance has no <c>spec.backup</c>.</summary>
    public const string NotConfigured = "NotConfigured";

    /// <summary>True: backups are made only when somebody asks.</summary>
    public const string NoSchedule = "NoSchedule";

    /// <summary>True: the first tick of the schedule has not come, or its backup has not ended.</summary>
    public const string NoBackupYet = "NoBackupYet";

    /// <summary>The newest backup that ended failed.</summary>
    public const string LastBackupFailed = "LastBackupFailed";

    /// <summary>No backup succeeded for two ticks.</summary>
    public const string Outdated = "Outdated";

    /// <summary>The last test restore failed.</summary>
    public const string VerificationFailed = "VerificationFailed";

    /// <summary>No test restore succeeded for two ticks of its schedule.</summary>
    public const string VerificationOutdated = "VerificationOutdated";

    /// <summary>The newest set is much smaller than those before it.</summary>
    public const string SizeShrank = "SizeShrank";

    /// <summary>A set that is to be deleted does not go.</summary>
    public const string RetentionStuck = "RetentionStuck";

    /// <summary>A schedule cannot be read.</summary>
    public const string InvalidSchedule = "InvalidSchedule";

    /// <summary>A schedule names only days that do not exist.</summary>
    public const string ScheduleNeverFires = "ScheduleNeverFires";

    /// <summary>A schedule has ticks too close to each other.</summary>
    public const string ScheduleTooOften = "ScheduleTooOften";

    /// <summary>The time zone is not known.</summary>
    public const string UnknownTimeZone = "UnknownTimeZone";

    /// <summary>The name of a tick's backup is taken by an object that is not the schedule's.</summary>
    public const string TickTaken = "TickTaken";

    /// <summary>The Secret with the passphrase, or its key, does not exist.</summary>
    public const string PassphraseNotFound = "PassphraseNotFound";

    /// <summary>The passphrase is empty, too short, too long, not text, or has a line break.</summary>
    public const string PassphraseInvalid = "PassphraseInvalid";

    /// <summary>A backup waits for the set volume, which is not bound.</summary>
    public const string VolumePending = "VolumePending";

    /// <summary>The claim of <c>spec.backup.volume.existingClaim</c> does not exist.</summary>
    public const string ClaimNotFound = "ClaimNotFound";

    /// <summary>The volume behind the claim is gone.</summary>
    public const string ClaimLost = "ClaimLost";

    /// <summary>The claim of the sets was deleted and goes when no pod uses it.</summary>
    public const string ClaimTerminating = "ClaimTerminating";

    /// <summary>The spec asks for less than the claim has.</summary>
    public const string CannotShrink = "CannotShrink";

    /// <summary>The spec asks for another storage class than the claim has.</summary>
    public const string Immutable = "VolumeImmutable";

    /// <summary>The API server refuses to let the claim grow.</summary>
    public const string ExpansionRefused = "ExpansionRefused";
}
