using System.Globalization;

namespace FamilyAssistant.Operator.Api;

/// <summary>Names of the objects that belong to one instance. Names longer than Kubernetes allows cannot occur: an instance's name has at most 40 characters.</summary>
public static class ObjectNames
{
    /// <summary>Longest name of an instance; leaves room for every suffix, a StatefulSet's pod ordinal and its controller revision label (63 characters).</summary>
    public const int MaxInstanceNameLength = 40;

    /// <summary>Longest name of an operation, a backup or a restore: it fits into a label.</summary>
    public const int MaxProcedureNameLength = 63;

    /// <summary>StatefulSet, Service and ServiceAccount of the application carry the instance's own name.</summary>
    public static string Workload(string instance) => instance;

    /// <summary>PersistentVolumeClaim mounted at <c>/mnt/data</c>.</summary>
    public static string DataClaim(string instance) => instance + "-data";

    /// <summary>Secret with the keys that the operator generated once (session secret, VAPID pair, hash key).</summary>
    public static string GeneratedSecret(string instance) => instance + "-generated";

    /// <summary>Secret with <c>DATABASE_URL</c>.</summary>
    public static string DatabaseSecret(string instance) => instance + "-database";

    /// <summary>Secret with the bot token, and with the list of users where it comes from the instance's own Secret; only there while the instance holds the claim of that bot.</summary>
    public static string TelegramSecret(string instance) => instance + "-telegram";

    /// <summary>Lease in the operator's namespace that says which instance has a bot.</summary>
    /// <param name="botId">Public id of the bot: the number before the token's colon, without leading zeros.</param>
    public static string BotClaim(string botId) => "telegram-bot-" + botId;

    /// <summary>StatefulSet, Service and ServiceAccount of the managed PostgreSQL.</summary>
    public static string ManagedDatabase(string instance) => instance + "-postgres";

    /// <summary>PersistentVolumeClaim of the managed PostgreSQL.</summary>
    public static string ManagedDatabaseClaim(string instance) => instance + "-postgres-data";

    /// <summary>Secret with the managed PostgreSQL's generated passwords.</summary>
    public static string ManagedDatabaseSecret(string instance) => instance + "-postgres";

    /// <summary>PersistentVolumeClaim of the backup sets.</summary>
    public static string BackupClaim(string instance) => instance + "-backups";

    /// <summary>Backup that the schedule makes for one tick: the same tick has the same name, whoever asks when.</summary>
    /// <param name="instance">Name of the instance.</param>
    /// <param name="tick">The tick; ticks are whole minutes.</param>
    public static string ScheduledBackup(string instance, DateTimeOffset tick) =>
        string.Create(CultureInfo.InvariantCulture, $"{instance}-{tick.UtcDateTime:yyyyMMdd'-'HHmm}");

    /// <summary>Id of a backup's set, which is also its folder: sorts by time, and no two backups share one.</summary>
    /// <param name="created">When the object was created.</param>
    /// <param name="uid">Its UID.</param>
    public static string BackupSet(DateTime created, string uid) =>
        string.Create(CultureInfo.InvariantCulture, $"{created.ToUniversalTime():yyyyMMdd't'HHmmss'z'}-{uid[..8]}");

    /// <summary>Job, or its input, of one stage of a procedure: the same stage has the same name, so that it runs once.</summary>
    /// <param name="kind"><c>backup</c> or <c>restore</c>.</param>
    /// <param name="uid">UID of the procedure.</param>
    /// <param name="stage">Stage, with the attempt or tick where there can be several; lower case.</param>
    public static string ProcedureJob(string kind, string uid, string stage) => $"{kind}-{uid[..13]}-{stage}";

    /// <summary>Ingress of the web interface.</summary>
    public static string WebIngress(string instance) => instance + "-web";

    /// <summary>Ingress of the mail webhook.</summary>
    public static string WebhooksIngress(string instance) => instance + "-webhooks";

    /// <summary>TLS secret of the web interface unless the instance names its own.</summary>
    public static string WebTlsSecret(string instance) => instance + "-web-tls";

    /// <summary>NetworkPolicy of the application's pods.</summary>
    public static string NetworkPolicy(string instance) => instance;
}
