using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>Where backups of the instance go, when they are made, and how long they are kept. Needed for every backup, also for one that is asked for by hand.</summary>
public sealed record BackupPolicySpec
{
    /// <summary>When a backup is made: minute, hour, day, month, weekday as in cron, or <c>@daily</c> and the like; at most every 15 minutes. Absent: only when somebody asks.</summary>
    [Schema(MinLength = 1, MaxLength = 128, Pattern = Patterns.Cron)]
    public string? Schedule { get; init; }

    /// <summary>IANA time zone of the schedules and of the days, weeks and months of the retention, for example <c>Australia/Sydney</c>. Default <c>Etc/UTC</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 64, Pattern = Patterns.TimeZone, Default = "\"Etc/UTC\"")]
    public string TimeZone { get; set; } = "Etc/UTC";

    /// <summary>Parts of a set. Default <c>[Database, Files, Configuration]</c>; <c>Secrets</c> only with <c>encryption</c>.</summary>
    [Schema(MinItems = 1, MaxItems = 4, ListSet = true, Default = "[\"Database\",\"Files\",\"Configuration\"]")]
    public IReadOnlyList<BackupPart> Include { get; set; } = [BackupPart.Database, BackupPart.Files, BackupPart.Configuration];

    /// <summary>The volume for the sets.</summary>
    [Schema(Default = "{}")]
    public BackupVolumeSpec Volume { get; set; } = new();

    /// <summary>Encryption of the part <c>Secrets</c>.</summary>
    public BackupEncryptionSpec? Encryption { get; init; }

    /// <summary>Which of the scheduled sets are kept. A set that somebody asked for by hand is kept until somebody deletes it.</summary>
    [Schema(Default = "{}")]
    public RetentionSpec Retention { get; set; } = new();

    /// <summary>Test restores beside the reading of every set.</summary>
    public BackupVerificationSpec? Verification { get; init; }

    /// <summary>How long a backup may take from its start on, with its verification, for example <c>90m</c>. Default <c>6h</c>.</summary>
    [Schema(MinLength = 2, MaxLength = 8, Pattern = Patterns.Duration, Default = "\"6h\"")]
    public string Deadline { get; set; } = "6h";
}

/// <summary>The set volume. It never has an owner: nothing that is deleted with the instance takes it along.</summary>
public sealed record BackupVolumeSpec
{
    /// <summary>Size of the volume; it can grow where the class allows it, never shrink. Default <c>50Gi</c>. Ignored with <c>existingClaim</c>.</summary>
    [Schema(MaxLength = 32, Pattern = Patterns.StorageQuantity, Default = "\"50Gi\"")]
    public string Size { get; set; } = "50Gi";

    /// <summary>StorageClass; cannot be changed. Default: the cluster's default class. Best another disk than the data's.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? StorageClassName { get; init; }

    /// <summary>Use this PersistentVolumeClaim instead of creating one, for example one of a network file system; the operator never deletes it. Several instances may share it.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? ExistingClaim { get; init; }
}

/// <summary>How the part <c>Secrets</c> is encrypted: GnuPG, symmetric, AES-256.</summary>
public sealed record BackupEncryptionSpec
{
    /// <summary>The passphrase. Keep a copy outside the cluster: without it the part cannot be opened by anybody.</summary>
    public required PassphraseReference PassphraseSecretRef { get; init; }
}

/// <summary>A passphrase in a Secret of the same namespace.</summary>
public sealed record PassphraseReference
{
    /// <summary>Name of the Secret.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public required string Name { get; init; }

    /// <summary>Key in it. Default <c>passphrase</c>.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.DataKey, Default = "\"passphrase\"")]
    public string Key { get; set; } = "passphrase";
}

/// <summary>
/// Generations of sets: a set is kept while one of these keeps it. The newest set and the one that was verified last are always kept, and after a failed backup nothing is deleted until
/// one succeeds.
/// </summary>
public sealed record RetentionSpec
{
    /// <summary>So many of the newest sets, 1 to 1000. Default 3.</summary>
    [Schema(Minimum = 1, Maximum = 1000, Default = "3")]
    public int KeepLast { get; set; } = 3;

    /// <summary>The newest set of each of so many days, 0 to 1000. Default 7.</summary>
    [Schema(Minimum = 0, Maximum = 1000, Default = "7")]
    public int Daily { get; set; } = 7;

    /// <summary>The newest set of each of so many weeks, which begin on Monday, 0 to 1000. Default 4.</summary>
    [Schema(Minimum = 0, Maximum = 1000, Default = "4")]
    public int Weekly { get; set; } = 4;

    /// <summary>The newest set of each of so many months, 0 to 1000. Default 12.</summary>
    [Schema(Minimum = 0, Maximum = 1000, Default = "12")]
    public int Monthly { get; set; } = 12;

    /// <summary>Older sets go although a generation would keep them, for example <c>400d</c>; not those that are always kept. Absent: no limit.</summary>
    [Schema(MinLength = 2, MaxLength = 8, Pattern = Patterns.Duration)]
    public string? MaxAge { get; init; }
}

/// <summary>Test restores of the newest set.</summary>
public sealed record BackupVerificationSpec
{
    /// <summary>When, as <c>spec.backup.schedule</c>; at most every hour.</summary>
    [Schema(MinLength = 1, MaxLength = 128, Pattern = Patterns.Cron)]
    public required string Schedule { get; init; }
}
