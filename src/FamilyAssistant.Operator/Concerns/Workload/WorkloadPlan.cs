using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>What has to happen before the StatefulSet may be written.</summary>
internal abstract record WorkloadPlan
{
    private WorkloadPlan()
    {
    }

    /// <summary>Write what the spec says. <paramref name="Starts"/>: pods come up from nothing, so nothing else may be running.</summary>
    internal sealed record Apply(bool Starts) : WorkloadPlan;

    /// <summary>Scale the manual installation to zero, then look again.</summary>
    internal sealed record TakeOver(ManualInstallation Manual) : WorkloadPlan;

    /// <summary>Stop the pods by the last good template: what the new one needs is missing.</summary>
    internal sealed record StopOnly(RunningSet Set) : WorkloadPlan;

    /// <summary>Leave everything as it is.</summary>
    internal sealed record Refuse(string Reason, string Message) : WorkloadPlan;

    /// <summary>Pure decision.</summary>
    public static WorkloadPlan Decide(WorkloadFacts facts)
    {
        var name = ObjectNames.Workload(facts.Instance);
        if (facts.Set is { } set && set.Source.ControllerUid != facts.Uid && !(facts.Adopt && set.SelectsAs(WorkloadManifest.Selector(facts.Instance))))
        {
            return new Refuse(
                CommonReasons.NameConflict,
                $"StatefulSet {name} exists and does not belong to this instance. Scale it to 0, wait until its pods are gone, and delete it; its volumes stay.");
        }

        // A stopped instance is in no Deployment's way: it may be the way back to the manual installation.
        if (facts.Manual is { WantsPods: true } manual && (facts.Adopt || facts.Replicas > 0))
        {
            return facts.Adopt
                ? new TakeOver(manual)
                : new Refuse(
                    CommonReasons.NameConflict,
                    $"Deployment {name} runs in this namespace, and two of them would poll the same bot and write to the same volume. Scale it to 0, or set the annotation {WireNames.AdoptAnnotation}: \"true\" to have that done.");
        }

        if (facts.Missing is { } missing)
        {
            return facts.Replicas == 0 && facts.Set is { Replicas: > 0 } running
                ? new StopOnly(running)
                : new Refuse(WorkloadReasons.InputMissing, $"{missing} is missing; the last good pod template stays as it is.");
        }

        return new Apply(facts.Replicas > 0 && facts.Set is not { Replicas: > 0 });
    }
}

/// <summary>What the decision is made from.</summary>
/// <param name="Instance">Name of the instance.</param>
/// <param name="Uid">Its UID.</param>
/// <param name="Replicas">Wanted pods.</param>
/// <param name="Adopt">The adopt annotation is set.</param>
/// <param name="Set">The StatefulSet of its name.</param>
/// <param name="Manual">The Deployment of its name.</param>
/// <param name="Missing">What the template lacks, or null.</param>
internal sealed record WorkloadFacts(string Instance, string Uid, int Replicas, bool Adopt, RunningSet? Set, ManualInstallation? Manual, string? Missing);
