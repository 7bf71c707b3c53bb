using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>One Family Assistant: the application, its database, its volume and its way in, kept as described here.</summary>
public sealed record FamilyAssistantInstance : IKubernetesObject<V1ObjectMeta>
{
    /// <summary>Kind as it stands in a manifest.</summary>
    public const string KindName = "FamilyAssistantInstance";

    /// <summary>Plural in the API server's paths.</summary>
    public const string Plural = "familyassistantinstances";

    /// <inheritdoc />
    public string ApiVersion { get; set; } = WireNames.ApiVersion;

    /// <inheritdoc />
    public string Kind { get; set; } = KindName;

    /// <inheritdoc />
    public V1ObjectMeta Metadata { get; set; } = new();

    /// <summary>What the instance should be.</summary>
    public required InstanceSpec Spec { get; init; }

    /// <summary>What the operator saw and did; written by the operator only.</summary>
    public InstanceStatus? Status { get; init; }
}
