using System.Text.Json.Serialization;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>What the operator saw. Nothing secret, and no figure that moves by itself, is ever here.</summary>
public sealed record InstanceStatus
{
    /// <summary>Generation of the spec that the conditions speak of; -1 until the operator has seen the object.</summary>
    public long ObservedGeneration { get; set; } = -1;

    /// <summary>One word for the table: <c>Pending</c>, <c>Starting</c>, <c>Running</c>, <c>Stopped</c>, <c>Degraded</c>, <c>Blocked</c>, <c>Paused</c> or <c>Deleting</c>.</summary>
    [Schema(MaxLength = 32)]
    public string? Phase { get; init; }

    /// <summary>Ready, Reconciling and Stalled, and one condition for each concern.</summary>
    [Schema(MaxItems = 32, ListMapKeys = ["type"])]
    public IReadOnlyList<Condition> Conditions { get; set; } = [];

    /// <summary>Image that the pod runs, with its digest.</summary>
    [Schema(MaxLength = 1024)]
    public string? Image { get; init; }

    /// <summary>Tag of that image, or the start of its digest.</summary>
    [Schema(MaxLength = 128)]
    public string? Version { get; init; }

    /// <summary>Where people reach the web interface.</summary>
    [Schema(MaxLength = 512)]
    public string? Url { get; init; }

    /// <summary>Application pods that exist (scale subresource).</summary>
    public int? Replicas { get; init; }

    /// <summary>Label selector of the application's pods in string form (scale subresource).</summary>
    [Schema(MaxLength = 512)]
    public string? Selector { get; init; }

    /// <summary>The bot.</summary>
    public TelegramStatus? Telegram { get; init; }

    /// <summary>The database.</summary>
    public DatabaseStatus? Database { get; init; }

    /// <summary>The data volume.</summary>
    public StorageStatus? Storage { get; init; }

    /// <summary>The backups; absent without <c>spec.backup</c>.</summary>
    public BackupPolicyStatus? Backup { get; init; }

    /// <summary>Keys that the application gets from Secrets, what is wrong with them, and what a change of each does. Sorted by name; of very many, those that are known or wrong.</summary>
    [Schema(MaxItems = 100, ListMapKeys = ["name"])]
    public IReadOnlyList<SecretStatus>? Secrets { get; init; }
}

/// <summary>The bot as it is known from the token's public part.</summary>
public sealed record TelegramStatus
{
    /// <summary>Public id of the bot: the number before the token's colon.</summary>
    [Schema(MaxLength = 20)]
    public string? BotId { get; init; }

    /// <summary>Name of the Lease in the operator's namespace that says who has the bot.</summary>
    [Schema(MaxLength = 63)]
    public string? Claim { get; init; }

    /// <summary>
    /// Who holds that claim, as <c>namespace/name</c> of an instance. An instance of another namespace is not named (<c>another namespace</c>) unless the operator's
    /// <c>SHOW_CLAIM_HOLDERS</c> allows it. Absent while nobody does.
    /// </summary>
    [Schema(MaxLength = 128)]
    public string? HeldBy { get; init; }

    /// <summary>The list of users that the running bot follows. After a change of the spec it is the earlier one until the last pod of before is gone.</summary>
    public AllowedUsersStatus? AllowedUsers { get; init; }

    /// <summary>This, or null when nothing is known: an empty object would be noise.</summary>
    [JsonIgnore]
    public TelegramStatus? OrNothing => this == new TelegramStatus() ? null : this;
}

/// <summary>A list of users in force.</summary>
public sealed record AllowedUsersStatus
{
    /// <summary>Where the list is written: <c>Spec</c> (<c>spec.telegram.allowedUsers</c>), <c>Secret</c>, or <c>Anyone</c> when there is none and every Telegram user is served.</summary>
    public AllowedUsersSource Source { get; init; }

    /// <summary>The ids, when they are written in the spec; those of a Secret are not shown.</summary>
    [Schema(MaxItems = 200)]
    public IReadOnlyList<long>? Ids { get; init; }

    /// <summary>Since when nobody else is served: the last pod with another list was gone, RFC 3339 with whole seconds. Absent for a list in a Secret, whose changes are not shown.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? Since { get; init; }
}

/// <summary>Where a list of users is written.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AllowedUsersSource>))]
public enum AllowedUsersSource
{
    /// <summary><c>spec.telegram.allowedUsers</c>.</summary>
    Spec,

    /// <summary>The Secret of <c>spec.secretRef</c>.</summary>
    Secret,

    /// <summary>There is none.</summary>
    Anyone,
}

/// <summary>The database as the operator last saw it.</summary>
public sealed record DatabaseStatus
{
    /// <summary>Alembic revision of the schema; absent while the database is new; several, comma-separated, are a migration conflict.</summary>
    [Schema(MaxLength = 256)]
    public string? Revision { get; init; }

    /// <summary>Version of the PostgreSQL server, for example <c>17.6</c>.</summary>
    [Schema(MaxLength = 64)]
    public string? ServerVersion { get; init; }
}

/// <summary>The data volume.</summary>
public sealed record StorageStatus
{
    /// <summary>Capacity of the bound volume.</summary>
    [Schema(MaxLength = 32)]
    public string? Capacity { get; init; }
}
