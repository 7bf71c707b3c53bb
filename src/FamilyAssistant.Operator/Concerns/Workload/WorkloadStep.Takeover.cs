using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>The writes that are not an apply: each after a live read and tied to exactly the object that was seen.</summary>
internal sealed partial class WorkloadStep
{
    private static readonly TimeSpan PodCheck = TimeSpan.FromSeconds(2);

    private static ReadOnlyMemory<byte> ZeroReplicas => """{"spec":{"replicas":0}}"""u8.ToArray();

    /// <summary>
    /// Crash-safe without a record: scaled to zero is what the Deployment says itself, its pods are counted live, and the StatefulSet is written
    /// only by a pass that saw none of them. The Deployment stays, at zero, as the way back.
    /// </summary>
    private async ValueTask<StepOutcome> TakeOverAsync(InstancePass pass, ManualInstallation manual, RunningSet? set, CancellationToken ct)
    {
        if (await api.GetAsync(ResourceTypes.Deployment, manual.Source.Key, ct) is { } live
            && ManualInstallation.Of(live) is { WantsPods: true }
            && await api.MergePatchAsync(live, ZeroReplicas, ct) is { } scaled)
        {
            pass.Observed.Remember(scaled);
            events.Record(
                pass.Source,
                EventSeverity.Normal,
                EventReasons.ManualInstallationStopped,
                "Adopt",
                set is { Replicas: > 0 }
                    ? $"Deployment {live.Key.Name} was scaled up beside the running instance, where both would poll the same bot, and is at 0 again. Delete it."
                    : $"Deployment {live.Key.Name} was scaled to 0; the instance starts when its pods are gone. The Deployment is not needed any more.");
        }

        return new StepOutcome.Progressing(WorkloadReasons.Adopting, $"Deployment {manual.Source.Key.Name} of the manual installation is being stopped.", PodCheck);
    }

    /// <summary>Pods of a manual installation that may still poll, counted live: a terminating pod polls until it is gone.</summary>
    private async ValueTask<IReadOnlyList<ClusterObject>> ManualPodsAsync(InstancePass pass, ManualInstallation? manual, CancellationToken ct)
    {
        if (manual is null && !pass.Adopt)
        {
            return [];
        }

        var selector = manual?.PodSelector ?? ManualInstallation.DefaultSelector(pass.Name);
        var pods = await api.ListAsync(ResourceTypes.Pod, pass.Namespace, selector, ct);
        return [.. pods.Where(pod => ManualInstallation.StillRuns(pod, pass.Name))];
    }

    private static StepOutcome.Progressing Waiting(IReadOnlyList<ClusterObject> pods) => new(
        WorkloadReasons.Adopting,
        $"Pod {string.Join(", ", pods.Select(pod => pod.Key.Name).Order(StringComparer.Ordinal).Take(5))} of a manual installation still runs; the instance starts when it is gone.",
        PodCheck);

    private async ValueTask RemoveStuckPodAsync(InstancePass pass, RunningSet? set, CancellationToken ct)
    {
        if (RolloutState.StuckOnOldRevision(set, Pods(pass)) is not { } stuck
            || await api.GetAsync(ResourceTypes.Pod, new ObjectKey(pass.Namespace, stuck.Metadata.Name), ct) is not { } live
            || RolloutState.StuckOnOldRevision(set, [live.Read<V1Pod>()]) is null)
        {
            return;
        }

        if (await api.DeleteAsync(live, ct))
        {
            events.Record(
                pass.Source,
                EventSeverity.Warning,
                EventReasons.StuckPodRemoved,
                "Delete",
                $"Pod {live.Key.Name} of an earlier template could not become ready and kept the corrected one from being rolled out.");
        }
    }
}
