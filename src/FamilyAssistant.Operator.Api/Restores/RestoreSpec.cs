using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Restores;

/// <summary>One restore.</summary>
public sealed record RestoreSpec
{
    /// <summary>The instance, in the restore's own namespace. With the part <c>Configuration</c> it is made from the set when it does not exist.</summary>
    public required InstanceReference InstanceRef { get; init; }

    /// <summary>The set: exactly one of <c>backupRef</c> and <c>volume</c>.</summary>
    public required RestoreSource Source { get; init; }

    /// <summary>
    /// Parts that are put back. Default <c>[Database, Files]</c>. <c>Configuration</c> and <c>Secrets</c> make objects that are missing and never change one that somebody else wrote;
    /// keys that the operator generated are replaced by those of the set.
    /// </summary>
    [Schema(MinItems = 1, MaxItems = 4, ListSet = true, Default = "[\"Database\",\"Files\"]")]
    public IReadOnlyList<BackupPart> Parts { get; set; } = [BackupPart.Database, BackupPart.Files];

    /// <summary>Passphrase of the part <c>Secrets</c>. Default: the instance's <c>spec.backup.encryption.passphraseSecretRef</c>.</summary>
    public PassphraseReference? PassphraseSecretRef { get; init; }

    /// <summary>Replace the data of an instance by a set that is named by its volume. Default false: such a set only goes into a database without a row. A set named by <c>backupRef</c> always replaces.</summary>
    [Schema(Default = "false")]
    public bool ReplaceData { get; set; }

    /// <summary>Go on although keys differ from those that the set was made with: push subscriptions or sessions in it then end. Default false.</summary>
    [Schema(Default = "false")]
    public bool AcceptKeyChange { get; set; }

    /// <summary>Only examine the set and say what would be done. Default false.</summary>
    [Schema(Default = "false")]
    public bool DryRun { get; set; }

    /// <summary>How long the restore may take from its start on, for example <c>90m</c>; after it the instance is put back as it was. Default <c>6h</c>.</summary>
    [Schema(MinLength = 2, MaxLength = 8, Pattern = Patterns.Duration, Default = "\"6h\"")]
    public string Deadline { get; set; } = "6h";
}

/// <summary>Where a set is found.</summary>
public sealed record RestoreSource
{
    /// <summary>A completed FamilyAssistantBackup of the same namespace and instance.</summary>
    public LocalReference? BackupRef { get; init; }

    /// <summary>A set volume and the id of the set: works without any object of the cluster that made it.</summary>
    public RestoreVolume? Volume { get; init; }
}

/// <summary>A set on a volume.</summary>
public sealed record RestoreVolume
{
    /// <summary>PersistentVolumeClaim of the set volume, in the restore's own namespace.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public required string ClaimName { get; init; }

    /// <summary>Name of the instance that the set was made of, which is also a folder on the volume. Default: <c>spec.instanceRef.name</c>.</summary>
    [Schema(MinLength = 1, MaxLength = ObjectNames.MaxInstanceNameLength, Pattern = Patterns.InstanceName)]
    public string? InstanceName { get; init; }

    /// <summary>Id of the set, for example <c>20261126t020000z-3f2a9c1b</c>: <c>status.setId</c> of its backup, and the name of its folder.</summary>
    [Schema(MinLength = 25, MaxLength = 25, Pattern = Patterns.SetId)]
    public required string SetId { get; init; }
}
