using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Restores;

/// <summary>What the operator did. Nothing secret is ever here. Once the phase is <c>Completed</c> or <c>Failed</c> nothing of it changes any more.</summary>
public sealed record RestoreStatus : ProcedureStatus
{
    /// <summary>The set, as its manifest says.</summary>
    public RestoredSet? Set { get; init; }

    /// <summary>Name of the FamilyAssistantBackup that holds how the instance was before; absent when there was nothing to save.</summary>
    [Schema(MaxLength = 253)]
    public string? SafetyBackup { get; init; }

    /// <summary>Rows that were counted in the restored database; the same as in the set, table by table.</summary>
    public long? Rows { get; init; }

    /// <summary>Alembic revision of the restored database after its migration to the image's head.</summary>
    [Schema(MaxLength = 256)]
    public string? Revision { get; init; }

    /// <summary>Time of each part of the work in whole seconds, by its name.</summary>
    [Schema(MaxProperties = 16)]
    public IReadOnlyDictionary<string, long>? Seconds { get; init; }
}

/// <summary>A set as its manifest says.</summary>
public sealed record RestoredSet
{
    /// <summary>Its id.</summary>
    [Schema(MaxLength = 32)]
    public required string SetId { get; init; }

    /// <summary>Where it is.</summary>
    public required BackupLocation Location { get; init; }

    /// <summary>When it was made.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public required string CreatedAt { get; init; }

    /// <summary>Image of the application at that time.</summary>
    [Schema(MaxLength = 1024)]
    public string? Image { get; init; }

    /// <summary>Alembic revision in the dump.</summary>
    [Schema(MaxLength = 256)]
    public string? Revision { get; init; }

    /// <summary>Version of the PostgreSQL server that it was made from.</summary>
    [Schema(MaxLength = 64)]
    public string? ServerVersion { get; init; }

    /// <summary>Rows of all tables in the dump.</summary>
    public long? Rows { get; init; }

    /// <summary>Size of all parts in bytes.</summary>
    public long? SizeBytes { get; init; }
}
