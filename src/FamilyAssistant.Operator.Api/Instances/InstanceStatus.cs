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
