using FamilyAssistant.Operator.Reconciliation.Operations;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>How far a stop and start is. It writes nothing itself: as long as it is in the stage Stopping, the pass over the instance wants no pod. Pure.</summary>
internal static class StopStartPlan
{
    /// <summary>The last pod is gone; the instance starts by itself.</summary>
    public const string Starting = "Starting";

    /// <summary>Pure decision.</summary>
    public static OperationOutcome Decide(string? stage, IReadOnlyDictionary<string, string> before, LiveWorkload now) => stage switch
    {
        null => now.Obstacle ?? new OperationOutcome.Working(OperationStages.Stopping, $"Stops {PodRecord.Names(now.Pods)}, waits until the last one is gone, and starts again.") { Before = now.Evidence() },
        OperationStages.Stopping => Stopping(now),
        _ => Start(before, now),
    };

    private static OperationOutcome.Working Stopping(LiveWorkload now)
    {
        if (now.Pods.Length > 0)
        {
            return new OperationOutcome.Working(OperationStages.Stopping, $"Waits for pod {PodRecord.Names(now.Pods)} to end.");
        }

        // A controller that has not seen the zero yet could make a pod of the time before.
        return now.Set is null or { Replicas: 0, IsObserved: true, Model.Status.Replicas: 0 }
            ? new OperationOutcome.Working(Starting, "Every pod is gone; starts again.")
            : new OperationOutcome.Working(OperationStages.Stopping, "Waits for the StatefulSet to be at 0.");
    }

    private static OperationOutcome Start(IReadOnlyDictionary<string, string> before, LiveWorkload now)
    {
        if (now.Replicas == 0)
        {
            return new OperationOutcome.Done("Stopped. It does not start again, because spec.replicas is 0 by now.");
        }

        return now.Missing(before) is { } missing
            ? new OperationOutcome.Working(Starting, now.Instance.ClosedGate is { } gate ? $"{missing} {gate}" : missing)
            : new OperationOutcome.Done($"Every pod was stopped before {PodRecord.Names(now.OwnPods)} started; {now.Afterwards}.") { After = now.Evidence() };
    }
}
