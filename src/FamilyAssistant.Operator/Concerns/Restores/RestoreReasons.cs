namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>Reasons of restores beside those that every procedure may have and those of the scripts. See docs/restore.md.</summary>
internal static class RestoreReasons
{
    /// <summary>Failed: there is no such FamilyAssistantBackup.</summary>
    public const string BackupNotFound = "BackupNotFound";

    /// <summary>Failed: the backup is of another instance.</summary>
    public const string BackupNotOwned = "BackupNotOwned";

    /// <summary>Failed: the backup has not ended well.</summary>
    public const string BackupNotCompleted = "BackupNotCompleted";

    /// <summary>Failed: there is no claim of the sets.</summary>
    public const string ClaimNotFound = "ClaimNotFound";

    /// <summary>Failed: the part Secrets is asked for, and nothing says where its passphrase is.</summary>
    public const string PassphraseNotNamed = "PassphraseNotNamed";

    /// <summary>Failed: what is replaced could not be saved before, because the instance has no <c>spec.backup</c>.</summary>
    public const string BackupNotConfigured = "BackupNotConfigured";

    /// <summary>Failed: keys in force are not those that the set was made with.</summary>
    public const string KeysDiffer = "KeysDiffer";

    /// <summary>Failed: an object of the set could not be made.</summary>
    public const string ObjectInvalid = "ObjectInvalid";

    /// <summary>Failed: the safety set could not be made.</summary>
    public const string SafetyBackupFailed = "SafetyBackupFailed";

    /// <summary>Failed: the migration to the image's head failed.</summary>
    public const string MigrationFailed = "MigrationFailed";

    /// <summary>Failed: the application did not become healthy on the restored data.</summary>
    public const string StartFailed = "StartFailed";

    /// <summary>Failed: tables of the set are missing or empty in the running instance.</summary>
    public const string TablesMissing = "TablesMissing";

    /// <summary>Failed: a Job lost its pod again and again.</summary>
    public const string JobLost = "JobLost";

    /// <summary>Running: what was there before could not be put back; the instance stays stopped.</summary>
    public const string PutBackFailed = "PutBackFailed";
}
