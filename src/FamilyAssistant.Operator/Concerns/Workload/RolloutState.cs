using FamilyAssistant.Operator.Reconciliation;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>How far the StatefulSet and its pods are, in the words of a condition. Pure.</summary>
internal static class RolloutState
{
    /// <summary>Label that the StatefulSet controller gives to a pod: the revision of the template that it was made from.</summary>
    public const string RevisionLabel = "controller-revision-hash";

    /// <summary>The outcome.</summary>
    /// <param name="set">The StatefulSet, or null.</param>
    /// <param name="pods">The application's pods, terminating ones too.</param>
    /// <param name="replicas">Wanted pods.</param>
    public static StepOutcome Of(RunningSet? set, IReadOnlyList<V1Pod> pods, int replicas)
    {
        if (replicas == 0)
        {
            return pods.Count == 0 && set is null or { Replicas: 0 }
                ? new StepOutcome.Settled(WorkloadReasons.Stopped, "Stopped as asked: spec.replicas is 0.")
                : new StepOutcome.Progressing(WorkloadReasons.Stopping, $"Waits for {Names(pods)} to end.");
        }

        if (set is null || !set.IsObserved)
        {
            return OnTheWay(set, pods, replicas);
        }

        if (pods.Where(pod => IsCurrent(set, pod)).Select(PodProblem.Of).FirstOrDefault(problem => problem is not null) is { } problem)
        {
            return new StepOutcome.Blocked(problem.Reason, problem.Message);
        }

        return !set.IsUpdating && set.ReadyReplicas >= replicas && pods.Count <= replicas
            ? new StepOutcome.Settled(WorkloadReasons.Available, $"{set.ReadyReplicas} of {replicas} pods ready.")
            : OnTheWay(set, pods, replicas);
    }

    /// <summary>A pod of an earlier template that cannot become ready; null when there is none.</summary>
    /// <remarks>
    /// A StatefulSet waits until the pod of an earlier revision is ready before it replaces it, so a broken template is never left by correcting it. A pod that merely
    /// starts (a migration, perhaps) is not touched: it has neither a problem nor a restart behind it.
    /// </remarks>
    public static V1Pod? StuckOnOldRevision(RunningSet? set, IEnumerable<V1Pod> pods) =>
        set is { IsObserved: true, UpdateRevision: not null }
            ? pods.FirstOrDefault(pod => !IsCurrent(set, pod) && IsStuck(set, pod))
            : null;

    private static bool IsStuck(RunningSet set, V1Pod pod) =>
        pod.Metadata.DeletionTimestamp is null
        && pod.Metadata.OwnerReferences?.Any(owner => owner is { Controller: true } && owner.Uid == set.Source.Uid) == true
        && !IsReady(pod)
        && (PodProblem.Of(pod) is not null || pod.Status?.ContainerStatuses?.Any(status => status.RestartCount > 0) == true);

    private static StepOutcome.Progressing OnTheWay(RunningSet? set, IReadOnlyList<V1Pod> pods, int replicas)
    {
        var unready = pods.FirstOrDefault(pod => !IsReady(pod));
        if (set is { IsObserved: false, Model.Status.Replicas: > 0 } or { IsUpdating: true })
        {
            return new StepOutcome.Progressing(WorkloadReasons.RollingOut, $"A changed template replaces the pods; {set.ReadyReplicas} of {replicas} ready.");
        }

        return unready is not null && pods.All(pod => pod.Metadata.DeletionTimestamp is null) && IsStarted(unready)
            ? new StepOutcome.Progressing(WorkloadReasons.NotReady, $"Pod {unready.Metadata.Name} runs, but does not pass its readiness probe (GET /health). See kubectl logs {unready.Metadata.Name}.")
            : new StepOutcome.Progressing(WorkloadReasons.Starting, $"{set?.ReadyReplicas ?? 0} of {replicas} pods ready. The application migrates its database before it answers; that may take long.");
    }

    private static bool IsCurrent(RunningSet set, V1Pod pod) =>
        pod.Metadata.Labels is { } labels && labels.TryGetValue(RevisionLabel, out var revision) && revision == set.UpdateRevision;

    private static bool IsReady(V1Pod pod) => pod.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) == true;

    private static bool IsStarted(V1Pod pod) => pod.Status?.ContainerStatuses?.All(status => status.Started == true) == true;

    private static string Names(IReadOnlyList<V1Pod> pods) => pods.Count == 0 ? "the last pod" : $"pod {string.Join(", ", pods.Select(pod => pod.Metadata.Name))}";
}
