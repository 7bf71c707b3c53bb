using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Scheduling;

/// <summary>What happens to a pod that has no node.</summary>
internal abstract record SchedulingDecision
{
    /// <summary>It goes to the node.</summary>
    public sealed record Bind : SchedulingDecision;

    /// <summary>It would go to the node once these claims, which wait for their first consumer, have volumes there.</summary>
    public sealed record Provision(IReadOnlyList<V1PersistentVolumeClaim> Claims) : SchedulingDecision;

    /// <summary>It waits; the message is kube-scheduler's.</summary>
    public sealed record Unschedulable(string Message) : SchedulingDecision;
}

/// <summary>What a decision looks at beside the pod.</summary>
/// <param name="Node">The node; null before it is registered.</param>
/// <param name="Bound">Pods that have the node already and take of its capacity.</param>
/// <param name="Claim">A claim of the pod's namespace by its name.</param>
/// <param name="WaitsForConsumer">Whether volumes of a class are made only once a pod needs them.</param>
internal sealed record SchedulingPicture(
    V1Node? Node,
    IReadOnlyCollection<V1Pod> Bound,
    Func<string, V1PersistentVolumeClaim?> Claim,
    Func<string, bool> WaitsForConsumer);
