namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>Reasons of a backup beside those that every procedure may have and those of the scripts. See docs/backup.md.</summary>
internal static class BackupReasons
{
    /// <summary>Pending: the instance has no <c>spec.backup</c>.</summary>
    public const string NotConfigured = "BackupNotConfigured";

    /// <summary>Pending: the part <c>Secrets</c> is asked for, and the instance has no <c>spec.backup.encryption</c>.</summary>
    public const string EncryptionNotConfigured = "EncryptionNotConfigured";

    /// <summary>Pending: the claim that <c>existingClaim</c> names does not exist.</summary>
    public const string ClaimNotFound = "ClaimNotFound";

    /// <summary>Pending: the claim of the sets or of the data is not there yet, or goes away.</summary>
    public const string VolumePending = "VolumePending";

    /// <summary>Failed: the data volume can be mounted by one pod only, and the application has it.</summary>
    public const string VolumeExclusive = "VolumeExclusive";

    /// <summary>Failed: configuration and Secrets are larger than one Secret can be.</summary>
    public const string InputTooLarge = "InputTooLarge";

    /// <summary>Failed: an object of a needed name belongs to somebody else.</summary>
    public const string NameConflict = "NameConflict";

    /// <summary>Failed: three Jobs in a row lost their pod.</summary>
    public const string PodLost = "PodLost";

    /// <summary>Failed: the Job reported another set than the one that it was to make.</summary>
    public const string ResultInvalid = "ResultInvalid";
}
