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

    /// <summary>One container for each of them that was given a bot's token.</summary>
    public static IReadOnlyList<PollingContainer> Polling(IEnumerable<ClusterObject> pods) =>
        [.. pods.Where(pod => !pod.IsTerminating).OrderBy(pod => pod.Key.Name, StringComparer.Ordinal).Select(pod => ContainerOf(pod, pod.Read<V1Pod>())).OfType<PollingContainer>()];

    private static PollingContainer? ContainerOf(ClusterObject source, V1Pod pod) =>
        TargetOf(pod) is { } target && pod.Spec?.Containers?.Any(container => container.Name == AppContract.Container && container.Env?.Any(variable => variable.Name == AppContract.BotToken) == true) == true
            ? new PollingContainer(source.Key, target.PodUid, target.Restarts, AppContract.Container)
            : null;

    private static HealthTarget? TargetOf(V1Pod pod)
    {
        var container = pod.Status?.ContainerStatuses?.FirstOrDefault(status => status.Name == AppContract.Container);
        return pod.Status?.PodIP is { Length: > 0 } address && container?.State?.Running is not null
            ? new HealthTarget(pod.Metadata.Uid, container.RestartCount, address, AppContract.Port)
            : null;
    }
}
