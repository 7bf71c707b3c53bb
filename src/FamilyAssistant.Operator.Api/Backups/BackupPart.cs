using System.Text.Json.Serialization;

namespace FamilyAssistant.Operator.Api.Backups;

/// <summary>Part of a backup set. docs/backup.md says what is in each.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackupPart>))]
public enum BackupPart
{
    /// <summary>The database, as one <c>pg_dump</c> in custom format.</summary>
    Database,

    /// <summary>The data volume: documents, e-mail and chat attachments.</summary>
    Files,

    /// <summary>The spec of the instance and the ConfigMaps that it names.</summary>
    Configuration,

    /// <summary>The Secrets that the instance uses, encrypted with the passphrase.</summary>
    Secrets,
}

/// <summary>How a set is proven before its backup counts as completed.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<BackupVerification>))]
public enum BackupVerification
{
    /// <summary>Every part is read again and compared with its checksum; the dump is read to its end.</summary>
    Read,

    /// <summary>The same, and the dump is restored into a PostgreSQL made for it, whose rows are counted.</summary>
    Restore,
}
