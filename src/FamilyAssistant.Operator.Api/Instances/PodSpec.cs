using FamilyAssistant.Operator.Api.Schema;
using k8s.Models;

namespace FamilyAssistant.Operator.Api.Instances;

/// <summary>Scheduling, resources and metadata of the application's pod. Nothing here can weaken its security context.</summary>
public sealed record PodSpec
{
    /// <summary>Resources of the application's container.</summary>
    public ResourceSpec? Resources { get; init; }

    /// <summary>Node labels that the pod requires.</summary>
    [Schema(MaxProperties = 32, MaxLength = 63, Pattern = Patterns.LabelValue)]
    public IReadOnlyDictionary<string, string>? NodeSelector { get; init; }

    /// <summary>Taints that the pod tolerates.</summary>
    [Schema(MaxItems = 32)]
    public IReadOnlyList<V1Toleration>? Tolerations { get; init; }

    /// <summary>Affinity rules, in the syntax of a pod's <c>affinity</c>.</summary>
    public V1Affinity? Affinity { get; init; }

    /// <summary>Further labels of the pod; labels that the operator owns are refused.</summary>
    [Schema(MaxProperties = 32, MaxLength = 63, Pattern = Patterns.LabelValue)]
    public IReadOnlyDictionary<string, string>? Labels { get; init; }

    /// <summary>Further annotations of the pod; annotations of the operator's group are refused.</summary>
    [Schema(MaxProperties = 32, MaxLength = 4096)]
    public IReadOnlyDictionary<string, string>? Annotations { get; init; }

    /// <summary>PriorityClass of the pod.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? PriorityClassName { get; init; }

    /// <summary>ServiceAccount that the pod runs as instead of one that the operator makes; its token is not mounted.</summary>
    [Schema(MinLength = 1, MaxLength = 253, Pattern = Patterns.ObjectName)]
    public string? ServiceAccountName { get; init; }
}

/// <summary>Resource requests and limits of a container.</summary>
public sealed record ResourceSpec
{
    /// <summary>Least amounts, for example <c>cpu: 100m</c>, <c>memory: 512Mi</c>.</summary>
    [Schema(MaxProperties = 8, MaxLength = 32, Pattern = Patterns.ResourceQuantity)]
    public IReadOnlyDictionary<string, string>? Requests { get; init; }

    /// <summary>Greatest amounts; never below the request of the same resource.</summary>
    [Schema(MaxProperties = 8, MaxLength = 32, Pattern = Patterns.ResourceQuantity)]
    public IReadOnlyDictionary<string, string>? Limits { get; init; }
}
