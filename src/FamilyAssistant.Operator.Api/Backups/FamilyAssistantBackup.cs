using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.Api.Backups;

/// <summary>One backup set of one instance, made once. To make another one, create another object.</summary>
public sealed record FamilyAssistantBackup : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Kind as it stands in a manifest.</summary>
    public const string KindName = "FamilyAssistantBackup";

    /// <summary>Plural in the API server's paths.</summary>
    public const string Plural = "familyassistantbackups";

    /// <inheritdoc />
    public string ApiVersion { get; set; } = WireNames.ApiVersion;

    /// <inheritdoc />
    public string Kind { get; set; } = KindName;

    /// <inheritdoc />
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to be backed up. It cannot be changed.</summary>
    public required BackupSpec Spec { get; init; }

    /// <summary>How far it is, and what the set holds; written by the operator only.</summary>
    public BackupStatus? Status { get; init; }
}
