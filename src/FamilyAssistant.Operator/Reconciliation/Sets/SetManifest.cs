using FamilyAssistant.Operator.Api.Backups;

namespace FamilyAssistant.Operator.Reconciliation.Sets;

/// <summary>
/// The manifest of a set, as docs/backup.md describes it field by field. The operator writes its half before the backup (no <see cref="Parts"/> and
/// <see cref="Database"/>); the script adds what it found. The row counts of the tables, which only the scripts compare, are not read.
/// </summary>
internal sealed record SetManifest
{
    /// <summary>The version that this operator writes and reads.</summary>
    public const int CurrentSchemaVersion = 1;

    /// <summary>Version of the manifest's schema; it changes when an older reader would misunderstand.</summary>
    public required int SchemaVersion { get; init; }

    /// <summary>Id of the set, also the name of its folder.</summary>
    public required string SetId { get; init; }

    /// <summary>The instance that it was made of.</summary>
    public required SetInstance Instance { get; init; }

    /// <summary>When the backup was asked for, in UTC (RFC 3339).</summary>
    public required string CreatedAt { get; init; }

    /// <summary>Image of the application, with its digest where that was known.</summary>
    public string? Image { get; init; }

    /// <summary>Parts that were asked for.</summary>
    public required IReadOnlyList<BackupPart> Include { get; init; }

    /// <summary>Key of the fingerprints, in hexadecimal. Other in every set, so that sets cannot be compared by their fingerprints.</summary>
    public string? FingerprintKey { get; init; }

    /// <summary>Fingerprints of the keys that must be the same where the set is restored; see <see cref="KeyFingerprints"/>.</summary>
    public IReadOnlyList<SetKey>? Keys { get; init; }

    /// <summary>The files, in the order in which they were made. Null in the operator's half.</summary>
    public IReadOnlyList<SetPart>? Parts { get; init; }

    /// <summary>What was dumped. Null in the operator's half and without the part <c>Database</c>.</summary>
    public SetDatabase? Database { get; init; }

    /// <summary>When the last part was written, in UTC (RFC 3339). Null in the operator's half.</summary>
    public string? FinishedAt { get; init; }

    /// <summary>How long the making took, in whole seconds. Null in the operator's half.</summary>
    public long? Seconds { get; init; }
}

/// <summary>The instance of a set.</summary>
/// <param name="Namespace">Its namespace.</param>
/// <param name="Name">Its name.</param>
/// <param name="Uid">Its UID.</param>
internal sealed record SetInstance(string Namespace, string Name, string Uid);

/// <summary>A key in force when the set was made.</summary>
/// <param name="Name">Name of the environment variable.</param>
/// <param name="Fingerprint">HMAC-SHA256 of its value under the set's fingerprint key, in hexadecimal.</param>
internal sealed record SetKey(string Name, string Fingerprint);

/// <summary>One file of a set.</summary>
/// <param name="Name">The part.</param>
/// <param name="File">Name of the file.</param>
/// <param name="SizeBytes">Its size in bytes.</param>
/// <param name="Sha256">Its SHA-256, in hexadecimal.</param>
internal sealed record SetPart(BackupPart Name, string File, long SizeBytes, string Sha256);

/// <summary>The dumped database.</summary>
internal sealed record SetDatabase
{
    /// <summary>Version of the server, for example <c>17.6</c>.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>Its major version: an older server does not take the dump.</summary>
    public required int ServerMajor { get; init; }

    /// <summary>Version of <c>pg_dump</c>.</summary>
    public required string ClientVersion { get; init; }

    /// <summary>Version of pgvector; null without it.</summary>
    public string? VectorVersion { get; init; }

    /// <summary>Alembic revision, several separated by commas; null in a database without one.</summary>
    public string? Revision { get; init; }

    /// <summary>Tables that were counted: all but those of extensions; of a partitioned table its leaves.</summary>
    public required long Tables { get; init; }

    /// <summary>Their rows.</summary>
    public required long Rows { get; init; }
}
