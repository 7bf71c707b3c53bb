using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>What a restart does next: each pod that was there at the beginning goes once, one after the other, each when those before it have a ready successor. Pure.</summary>
internal abstract record RestartPlan
{
    /// <summary>The one stage of a restart.</summary>
    public const string Restarting = "Restarting";

    private RestartPlan()
    {
    }

    /// <summary>Nothing but to say so.</summary>
    internal sealed record Answer(ProcedureOutcome Outcome) : RestartPlan;

    /// <summary>Delete exactly this pod.</summary>
    internal sealed record Replace(PodRecord Pod, ProcedureOutcome Outcome) : RestartPlan;

    /// <summary>Pure decision.</summary>
    public static RestartPlan Decide(string? stage, IReadOnlyDictionary<string, string> before, LiveWorkload now)
    {
        if (stage is null)
        {
            return new Answer(now.Obstacle ?? new ProcedureOutcome.Working(Restarting, $"Replaces {PodRecord.Names(now.OwnPods)}, one after the other.") { Before = now.Evidence() });
        }

        // The highest first, as a rollout does. A pod that was scaled away meanwhile needs no successor.
        foreach (var (name, uid) in PodRecord.Recorded(before).Reverse())
        {
            var pod = now.OwnPods.FirstOrDefault(pod => pod.Name == name);
            if (pod is not null && pod.Uid == uid)
            {
                return pod.IsTerminating ? Working($"Waits for pod {name} to end.") : new Replace(pod, Doing($"Replaces pod {name}."));
            }

            if (pod is { IsReady: false } || (pod is null && OrdinalOf(name) < now.Replicas))
            {
                return Working($"Waits for the new pod {name} to be ready.");
            }
        }

        if (now.Replicas == 0)
        {
            return new Answer(new ProcedureOutcome.Done("The old pods are gone. No new one starts, because spec.replicas is 0 by now."));
        }

        return now.Missing(before) is { } missing
            ? Working(missing)
            : new Answer(new ProcedureOutcome.Done($"{PodRecord.Names(now.OwnPods)} replaced; {now.Afterwards}.") { After = now.Evidence() });
    }

    private static Answer Working(string message) => new(Doing(message));

    private static ProcedureOutcome.Working Doing(string message) => new(Restarting, message);

    private static int OrdinalOf(string name) => int.TryParse(name[(name.LastIndexOf('-') + 1)..], out var ordinal) ? ordinal : int.MaxValue;
}
