namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Reasons of the events of decisions. Beside these, an instance that stops being Ready has an event with the reason of its condition. See docs/conditions.md.</summary>
internal static class EventReasons
{
    /// <summary>The instance became Ready.</summary>
    public const string Ready = "Ready";

    /// <summary>An owned field had been changed by somebody else.</summary>
    public const string DriftReverted = "DriftReverted";

    /// <summary>An object of an instance that was Ready had been deleted by somebody else.</summary>
    public const string ObjectRestored = "ObjectRestored";

    /// <summary>Session secret and Web Push keys were made.</summary>
    public const string KeysGenerated = "KeysGenerated";

    /// <summary>The password of a managed database was made.</summary>
    public const string DatabasePasswordGenerated = "DatabasePasswordGenerated";

    /// <summary>The claim of the bot was taken, and the token handed out.</summary>
    public const string BotClaimed = "BotClaimed";

    /// <summary>The claim of a bot was given up.</summary>
    public const string BotReleased = "BotReleased";

    /// <summary>The first pod is asked for.</summary>
    public const string Started = "Started";

    /// <summary>The number of pods changes.</summary>
    public const string Scaled = "Scaled";

    /// <summary>Another image is rolled out.</summary>
    public const string ImageChanged = "ImageChanged";

    /// <summary>A changed Secret or ConfigMap is rolled out.</summary>
    public const string ConfigurationRolledOut = "ConfigurationRolledOut";

    /// <summary>The time of <c>spec.debug</c> was reached.</summary>
    public const string DebugEnded = "DebugEnded";

    /// <summary>The Web Push keys in use are others than before.</summary>
    public const string PushKeysChanged = "PushKeysChanged";

    /// <summary>A pod of an earlier template kept its correction from being rolled out.</summary>
    public const string StuckPodRemoved = "StuckPodRemoved";

    /// <summary>The Deployment of a manual installation was scaled to zero.</summary>
    public const string ManualInstallationStopped = "ManualInstallationStopped";

    /// <summary>Something that this operator does not run polls the bot as well.</summary>
    public const string TelegramConflict = "TelegramConflict";

    /// <summary>Nothing else polls the bot any more.</summary>
    public const string TelegramConflictOver = "TelegramConflictOver";

    /// <summary>Pods did not end in time; the deletion of their instance goes on.</summary>
    public const string PodsLeftBehind = "PodsLeftBehind";

    /// <summary>Volumes and their keys stay after the instance.</summary>
    public const string DataRetained = "DataRetained";

    /// <summary>Volumes and their keys were deleted with the instance.</summary>
    public const string DataDeleted = "DataDeleted";

    /// <summary>Ticks of the backup schedule have no backup.</summary>
    public const string BackupMissed = "BackupMissed";

    /// <summary>The retention deletes a backup and its set.</summary>
    public const string BackupExpired = "BackupExpired";

    /// <summary>The backups are not as <c>spec.backup</c> asks any more.</summary>
    public const string BackupsUnhealthy = "BackupsUnhealthy";

    /// <summary>The backups are as <c>spec.backup</c> asks again.</summary>
    public const string BackupsRecovered = "BackupsRecovered";

    /// <summary>An operation's turn came.</summary>
    public const string OperationStarted = "OperationStarted";

    /// <summary>An operation did what was asked for.</summary>
    public const string OperationSucceeded = "OperationSucceeded";

    /// <summary>An operation was refused or given up.</summary>
    public const string OperationFailed = "OperationFailed";

    /// <summary>A backup's turn came.</summary>
    public const string BackupStarted = "BackupStarted";

    /// <summary>A set is complete and was proven.</summary>
    public const string BackupCompleted = "BackupCompleted";

    /// <summary>A backup was refused or given up.</summary>
    public const string BackupFailed = "BackupFailed";

    /// <summary>A set was restored for a test.</summary>
    public const string BackupVerified = "BackupVerified";

    /// <summary>A set could not be restored for a test.</summary>
    public const string BackupVerificationFailed = "BackupVerificationFailed";

    /// <summary>The files of a set were deleted with its backup.</summary>
    public const string BackupFilesDeleted = "BackupFilesDeleted";

    /// <summary>The files of a set could not be deleted.</summary>
    public const string BackupFilesLeft = "BackupFilesLeft";

    /// <summary>A restore began.</summary>
    public const string RestoreStarted = "RestoreStarted";

    /// <summary>A restore did what was asked for.</summary>
    public const string RestoreCompleted = "RestoreCompleted";

    /// <summary>A restore was refused, or everything was put back.</summary>
    public const string RestoreFailed = "RestoreFailed";
}
