using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Backups;

/// <summary>
/// What the operator did and what the set holds. Once the phase is <c>Completed</c> or <c>Failed</c> it stays so; of a completed one, only what later verifications found is added.
/// </summary>
public sealed record BackupStatus : ProcedureStatus
{
    /// <summary>Id of the set: when it was asked for (UTC) and the beginning of the object's UID. Also the name of its folder.</summary>
    [Schema(MaxLength = 32)]
    public string? SetId { get; init; }

    /// <summary>Where the set is.</summary>
    public BackupLocation? Location { get; init; }

    /// <summary>Jobs that were started for it; a pod that was lost is replaced, one that failed is not.</summary>
    public int? Attempts { get; init; }

    /// <summary>The parts, in the order in which they were made.</summary>
    [Schema(MaxItems = 4, ListMapKeys = ["name"])]
    public IReadOnlyList<BackupPartStatus>? Parts { get; init; }

    /// <summary>Size of all parts in bytes.</summary>
    public long? SizeBytes { get; init; }

    /// <summary>How long making and reading it took, in whole seconds, without a test restore.</summary>
    public long? DurationSeconds { get; init; }

    /// <summary>Image of the application, with its digest where that was known.</summary>
    [Schema(MaxLength = 1024)]
    public string? Image { get; init; }

    /// <summary>Alembic revision in the dump.</summary>
    [Schema(MaxLength = 256)]
    public string? Revision { get; init; }

    /// <summary>Version of the PostgreSQL server.</summary>
    [Schema(MaxLength = 64)]
    public string? ServerVersion { get; init; }

    /// <summary>Version of <c>pg_dump</c>.</summary>
    [Schema(MaxLength = 64)]
    public string? ClientVersion { get; init; }

    /// <summary>Version of pgvector.</summary>
    [Schema(MaxLength = 64)]
    public string? VectorVersion { get; init; }

    /// <summary>Tables in the dump.</summary>
    public long? Tables { get; init; }

    /// <summary>Rows of all tables in the dump; the manifest of the set has those of each.</summary>
    public long? Rows { get; init; }

    /// <summary>The last test restore that succeeded.</summary>
    public BackupVerified? Verified { get; init; }

    /// <summary>The last test restore, whatever came of it.</summary>
    public BackupVerificationRun? LastVerification { get; init; }
}

/// <summary>Where a set is.</summary>
public sealed record BackupLocation
{
    /// <summary>PersistentVolumeClaim of the set volume, in the backup's own namespace.</summary>
    [Schema(MaxLength = 253)]
    public required string Claim { get; init; }

    /// <summary>Folder on that volume.</summary>
    [Schema(MaxLength = 256)]
    public required string Path { get; init; }
}

/// <summary>One part of a set.</summary>
public sealed record BackupPartStatus
{
    /// <summary>Which part it is.</summary>
    public required BackupPart Name { get; init; }

    /// <summary>Its file in the folder of the set.</summary>
    [Schema(MaxLength = 64)]
    public required string File { get; init; }

    /// <summary>Size in bytes.</summary>
    public required long SizeBytes { get; init; }

    /// <summary>SHA-256 of the file, in hexadecimal.</summary>
    [Schema(MaxLength = 64)]
    public required string Sha256 { get; init; }
}

/// <summary>A test restore that succeeded.</summary>
public sealed record BackupVerified
{
    /// <summary>When it ended.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public required string Time { get; init; }

    /// <summary>Rows in the restored database; the same as in the set, table by table.</summary>
    public required long Rows { get; init; }

    /// <summary>Time of the restore alone, in whole seconds: what a real one takes at least.</summary>
    public required long RestoreSeconds { get; init; }
}

/// <summary>A test restore of a completed set.</summary>
public sealed record BackupVerificationRun
{
    /// <summary>Tick of <c>spec.backup.verification.schedule</c> that it was for.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public required string Tick { get; init; }

    /// <summary>When it began.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public required string StartedAt { get; init; }

    /// <summary>When it ended; absent while it runs.</summary>
    [Schema(Format = "date-time", MaxLength = 64)]
    public string? FinishedAt { get; init; }

    /// <summary><c>Running</c>, <c>Succeeded</c> or <c>Failed</c>.</summary>
    [Schema(MaxLength = 32)]
    public required string Result { get; init; }

    /// <summary>What was found, and what to do about it.</summary>
    [Schema(MaxLength = 4096)]
    public string? Message { get; init; }
}
