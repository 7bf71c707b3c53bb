using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.OperatorBuild;

/// <summary>A pod in a word or two, as the column STATUS of kubectl has it.</summary>
internal static class PodState
{
    public static string Of(V1Pod pod)
    {
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            return "Terminating";
        }

        var reasons = (pod.Status.InitContainerStatuses ?? []).Concat(pod.Status.ContainerStatuses ?? [])
            .Select(container => container.State?.Waiting?.Reason ?? (container.State?.Terminated is { ExitCode: not 0 } ended ? ended.Reason : null));
        return reasons.FirstOrDefault(reason => reason is not (null or "PodInitializing"))
            ?? (pod.Status.ContainerStatuses?.All(container => container.Ready) == true ? "Ready" : pod.Status.Phase);
    }
}
