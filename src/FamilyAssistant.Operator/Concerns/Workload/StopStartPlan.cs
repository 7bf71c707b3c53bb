using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>How far a stop and start is. It writes nothing itself: as long as it is in the stage Stopping, the pass over the instance wants no pod. Pure.</summary>
internal static class StopStartPlan
{
    /// <summary>The last pod is gone; the instance starts by itself.</summary>
    public const string Starting = "Starting";

    /// <summary>Pure decision.</summary>
    public static ProcedureOutcome Decide(string? stage, IReadOnlyDictionary<string, string> before, LiveWorkload now) => stage switch
    {
        null => now.Obstacle ?? new ProcedureOutcome.Working(ProcedureStages.Stopping, $"Stops {PodRecord.Names(now.Pods)}, waits until the last one is gone, and starts again.") { Before = now.Evidence() },
        ProcedureStages.Stopping => Stopping(now),
        _ => Start(before, now),
    };

    private static ProcedureOutcome.Working Stopping(LiveWorkload now) => now.IsStopped
        ? new ProcedureOutcome.Working(Starting, "Every pod is gone; starts again.")
        : new ProcedureOutcome.Working(ProcedureStages.Stopping, now.Stopping);

    private static ProcedureOutcome Start(IReadOnlyDictionary<string, string> before, LiveWorkload now)
    {
        if (now.Replicas == 0)
        {
            return new ProcedureOutcome.Done("Stopped. It does not start again, because spec.replicas is 0 by now.");
        }

        return now.Missing(before) is { } missing
            ? new ProcedureOutcome.Working(Starting, now.Instance.ClosedGate is { } gate ? $"{missing} {gate}" : missing)
            : new ProcedureOutcome.Done($"Every pod was stopped before {PodRecord.Names(now.OwnPods)} started; {now.Afterwards}.") { After = now.Evidence() };
    }
}
