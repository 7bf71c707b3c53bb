using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.Api.Operations;

/// <summary>One procedure on one instance, carried out once, with its evidence in status. To run it again, create another one.</summary>
public sealed record FamilyAssistantOperation : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Kind as it stands in a manifest.</summary>
    public const string KindName = "FamilyAssistantOperation";

    /// <summary>Plural in the API server's paths.</summary>
    public const string Plural = "familyassistantoperations";

    /// <inheritdoc />
    public string ApiVersion { get; set; } = WireNames.ApiVersion;

    /// <inheritdoc />
    public string Kind { get; set; } = KindName;

    /// <inheritdoc />
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What is to be done. It cannot be changed.</summary>
    public required OperationSpec Spec { get; init; }

    /// <summary>How far it is and what it found; written by the operator only.</summary>
    public OperationStatus? Status { get; init; }
}
