using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Everything that one pass knows: the instance, one consistent picture of its objects, and the time.</summary>
internal sealed record InstancePass
{
    /// <summary>The instance as it was read, with UID and resourceVersion.</summary>
    public required ClusterObject Source { get; init; }

    /// <summary>The instance as records.</summary>
    public required FamilyAssistantInstance Instance { get; init; }

    /// <summary>The objects of its namespace that the steps ask for; each is read once.</summary>
    public required ObservedObjects Observed { get; init; }

    /// <summary>Writes owned objects for this instance.</summary>
    public required InstanceObjects Objects { get; init; }

    /// <summary>When the pass began.</summary>
    public required DateTimeOffset Now { get; init; }

    /// <summary>The pause annotation is set: look and report, write nothing.</summary>
    public bool Paused { get; init; }

    /// <summary>The adopt annotation is set.</summary>
    public bool Adopt { get; init; }

    /// <summary>Why nothing of the application may run now, whatever <c>spec.replicas</c> says: a closed gate needs it, or an operation. Null: it may.</summary>
    public string? StopBecause { get; init; }

    /// <summary>Pods that are wanted now: <c>spec.replicas</c>, unless they have to be stopped for a while.</summary>
    public int Replicas => StopBecause is null ? Spec.Replicas : 0;

    /// <summary>Namespace of the instance.</summary>
    public string Namespace => Source.Key.Namespace;

    /// <summary>Name of the instance.</summary>
    public string Name => Source.Key.Name;

    /// <summary>The desired state.</summary>
    public InstanceSpec Spec => Instance.Spec;
}
