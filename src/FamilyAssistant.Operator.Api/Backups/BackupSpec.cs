using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Backups;

/// <summary>One backup. Where it goes and how it is encrypted stands in the instance's <c>spec.backup</c>.</summary>
public sealed record BackupSpec
{
    /// <summary>The instance, in the backup's own namespace.</summary>
    public required InstanceReference InstanceRef { get; init; }

    /// <summary>Parts of the set. Default: the instance's <c>spec.backup.include</c>. <c>Secrets</c> needs <c>spec.backup.encryption</c> there.</summary>
    [Schema(MinItems = 1, MaxItems = 4, ListSet = true)]
    public IReadOnlyList<BackupPart>? Include { get; init; }

    /// <summary>How the set is proven: <c>Read</c> (default), or <c>Restore</c> for a test restore as well.</summary>
    [Schema(Default = "\"Read\"")]
    public BackupVerification Verify { get; set; } = BackupVerification.Read;

    /// <summary>What happens to the files of the set when this object is deleted by hand: <c>Retain</c> (default) or <c>Delete</c>.</summary>
    [Schema(Default = "\"Retain\"")]
    public DeletionPolicy DeletionPolicy { get; set; } = DeletionPolicy.Retain;

    /// <summary>How long the backup may take from its start on, with its verification, for example <c>90m</c> or <c>6h</c>. Default: the instance's <c>spec.backup.deadline</c>.</summary>
    [Schema(MinLength = 2, MaxLength = 8, Pattern = Patterns.Duration)]
    public string? Deadline { get; init; }
}
