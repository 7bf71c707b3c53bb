using System.Collections.Immutable;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>The application's StatefulSet and pods as they are, for the operations about them. Pure.</summary>
/// <param name="Instance">What the operator last said of the instance.</param>
/// <param name="Replicas"><c>spec.replicas</c> of the instance.</param>
/// <param name="Set">The StatefulSet; null when there is none that belongs to the instance.</param>
/// <param name="Pods">Every pod of the application, terminating ones too.</param>
internal sealed record LiveWorkload(InstanceState Instance, int Replicas, RunningSet? Set, ImmutableArray<PodRecord> Pods)
{
    /// <summary>Whether the instance was Ready when the operation began; then it has to be again.</summary>
    public const string ReadyEvidence = "instance.ready";

    /// <summary>Pods that the StatefulSet made.</summary>
    public ImmutableArray<PodRecord> OwnPods => [.. Pods.Where(pod => Set is not null && pod.Source?.ControllerUid == Set.Source.Uid)];

    /// <summary>Whether nothing of it runs and nothing is on its way: no pod is left, and the controller has seen the zero, so that it makes none of the time before.</summary>
    public bool IsStopped => Pods.IsEmpty && (Set is null or { Replicas: 0, IsObserved: true, Model.Status.Replicas: 0 });

    /// <summary>What keeps it from being stopped, as a sentence.</summary>
    public string Stopping => Pods.IsEmpty ? "Waits for the StatefulSet to be at 0." : $"Waits for pod {PodRecord.Names(Pods)} to end.";

    /// <summary>Why neither operation can begin; null: it can.</summary>
    public ProcedureOutcome? Obstacle
    {
        get
        {
            if (Replicas == 0)
            {
                return new ProcedureOutcome.Failed(OperationReasons.InstanceStopped, "The instance is stopped: spec.replicas is 0. Scale it to 1 to start it; that needs no operation.");
            }

            if (Instance.ClosedGate is { } gate)
            {
                return new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, $"The application could not start again now, so it is left as it is. {gate}");
            }

            return OwnPods.IsEmpty
                ? new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, "The application has no pod yet.")
                : null;
        }
    }

    /// <summary>Evidence of the pods and of the instance.</summary>
    public Dictionary<string, string> Evidence()
    {
        var evidence = PodRecord.Evidence(OwnPods);
        evidence[ReadyEvidence] = Instance.IsReady ? "True" : "False";
        return evidence;
    }

    /// <summary>Whether it is up again with pods that are not among those that were recorded; otherwise what is waited for.</summary>
    public string? Missing(IReadOnlyDictionary<string, string> before)
    {
        var recorded = PodRecord.Recorded(before).Select(pod => pod.Uid).ToHashSet();
        var fresh = OwnPods.Count(pod => pod.IsReady && !recorded.Contains(pod.Uid));
        if (Set is not { IsObserved: true } || fresh < Replicas || OwnPods.Any(pod => recorded.Contains(pod.Uid)))
        {
            return $"{fresh} of {Replicas} new pods ready.";
        }

        return Instance.IsReady || before.GetValueOrDefault(ReadyEvidence) != "True" ? null : $"The pods are ready; waits for the instance to be Ready again ({Instance.Summary}).";
    }

    /// <summary>The end of the sentence that says that it is up: an instance that was not Ready before need not be afterwards.</summary>
    public string Afterwards => Instance.IsReady ? "the instance is Ready" : $"the instance is not Ready, as before ({Instance.Summary})";
}
