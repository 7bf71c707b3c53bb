using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.Api.Restores;

/// <summary>Puts one backup set into one instance, once. To do it again, create another object.</summary>
public sealed record FamilyAssistantRestore : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Kind as it stands in a manifest.</summary>
    public const string KindName = "FamilyAssistantRestore";

    /// <summary>Plural in the API server's paths.</summary>
    public const string Plural = "familyassistantrestores";

    /// <inheritdoc />
    public string ApiVersion { get; set; } = WireNames.ApiVersion;

    /// <inheritdoc />
    public string Kind { get; set; } = KindName;

    /// <inheritdoc />
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to be restored. It cannot be changed.</summary>
    public required RestoreSpec Spec { get; init; }

    /// <summary>How far it is and what it found; written by the operator only.</summary>
    public RestoreStatus? Status { get; init; }
}
