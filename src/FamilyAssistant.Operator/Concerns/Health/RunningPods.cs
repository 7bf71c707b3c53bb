using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Health;

/// <summary>The pods of the application that can be asked. Pure.</summary>
internal static class RunningPods
{
    /// <summary>One target for each pod whose application container runs and that is not on its way out, in the order of their names.</summary>
    public static IReadOnlyList<HealthTarget> Of(IEnumerable<ClusterObject> pods) =>
        [.. pods.Where(pod => !pod.IsTerminating).OrderBy(pod => pod.Key.Name, StringComparer.Ordinal).Select(pod => TargetOf(pod.Read<V1Pod>())).OfType<HealthTarget>()];

    private static HealthTarget? TargetOf(V1Pod pod)
    {
        var container = pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == AppContract.Container);
        return pod.Status?.PodIP is { Length: > 0 } address && container?.State?.Running is not null
            ? new HealthTarget(pod.Metadata.Uid, container.RestartCount, address, AppContract.Port)
            : null;
    }
}
