using FamilyAssistant.Operator.Api.Schema;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>The volume at <c>/mnt/data</c>: documents, e-mail attachments, chat attachments.</summary>
public sealed record StorageSpec
{
    /// <summary>Size of the volume; it can grow where the class allows it, never shrink. Default <c>20Gi</c>. Ignored with <c>existingClaim</c>.</summary>
    [Schema(MaxLength = 32, Pattern = Patterns.StorageQuantity, Default = "\"20Gi\"")]
    public string Size { get; set; } = "20Gi";

    /// <summary>StorageClass; cannot be changed. Default: the cluster's default class.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? StorageClassName { get; init; }

    /// <summary>Access mode; cannot be changed. Default <c>ReadWriteOnce</c>; more than one replica needs <c>ReadWriteMany</c>.</summary>
    [Schema(Default = "\"ReadWriteOnce\"")]
    public VolumeAccessMode AccessMode { get; set; } = VolumeAccessMode.ReadWriteOnce;

    /// <summary>Use this PersistentVolumeClaim instead of creating one; the operator never deletes it.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? ExistingClaim { get; init; }
}
