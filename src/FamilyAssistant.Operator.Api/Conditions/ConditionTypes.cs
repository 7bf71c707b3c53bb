namespace FamilyAssistant.Operator.Api.Conditions;

/// <summary>Types of the conditions in an instance's status. Renaming one breaks health checks of GitOps tools; a test pins them.</summary>
public static class ConditionTypes
{
    /// <summary>The instance is as its spec says and serves its family.</summary>
    public const string Ready = "Ready";

    /// <summary>Present and True while the operator works on it (kstatus).</summary>
    public const string Reconciling = "Reconciling";

    /// <summary>Present and True when no retry can mend it (kstatus).</summary>
    public const string Stalled = "Stalled";

    /// <summary>The Secrets and ConfigMaps that the instance names are there and well formed.</summary>
    public const string SecretsValid = "SecretsValid";

    /// <summary>The data volume is there.</summary>
    public const string StorageReady = "StorageReady";

    /// <summary>The database answers, lets the role in and can hold vectors.</summary>
    public const string DatabaseReady = "DatabaseReady";

    /// <summary>The bot has no other poller: the instance holds its claim, or has no bot.</summary>
    public const string TelegramExclusive = "TelegramExclusive";

    /// <summary>The application's pods are as they should be and available.</summary>
    public const string WorkloadAvailable = "WorkloadAvailable";

    /// <summary>Backups are made, proven and not too old, as <c>spec.backup</c> asks.</summary>
    public const string BackupsHealthy = "BackupsHealthy";

    /// <summary>The application says that it is well.</summary>
    public const string AppHealthy = "AppHealthy";
}
