using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Conditions;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>One word for the table, derived from the same reports as the conditions; nothing ever decides by it.</summary>
internal static class Phases
{
    /// <summary>Reason that a step gives when the instance is stopped by <c>replicas: 0</c>.</summary>
    public const string StoppedReason = "Stopped";

    /// <summary>Nothing runs yet and nothing is wrong.</summary>
    public const string Pending = "Pending";

    /// <summary>A pod is coming up, or the application in it.</summary>
    public const string Starting = "Starting";

    /// <summary>As the spec says, and serving.</summary>
    public const string Running = "Running";

    /// <summary>Stopped as asked.</summary>
    public const string Stopped = StoppedReason;

    /// <summary>The application runs, but something is wrong.</summary>
    public const string Degraded = "Degraded";

    /// <summary>The application is not available and somebody has to act.</summary>
    public const string Blocked = "Blocked";

    /// <summary>The pause annotation is set.</summary>
    public const string Paused = "Paused";

    /// <summary>The instance is being deleted.</summary>
    public const string Deleting = "Deleting";

    /// <summary>The word for these reports.</summary>
    public static string Of(ImmutableArray<StepReport> reports, bool paused)
    {
        if (paused)
        {
            return Paused;
        }

        if (reports.All(report => report.Outcome is StepOutcome.Settled))
        {
            return reports.Any(report => report.Outcome!.Reason == StoppedReason) ? Stopped : Running;
        }

        if (Find(reports, ConditionTypes.WorkloadAvailable) is StepOutcome.Settled { Reason: StoppedReason })
        {
            // Down as asked, although something else would keep it from starting.
            return Stopped;
        }

        if (Find(reports, ConditionTypes.WorkloadAvailable) is StepOutcome.Settled)
        {
            return reports.Any(report => report.Outcome is StepOutcome.Blocked or StepOutcome.Degraded or StepOutcome.Faulted) ? Degraded : Starting;
        }

        if (Find(reports, ConditionTypes.AppHealthy) is StepOutcome.Settled { Reason: not StoppedReason })
        {
            // What ran before a gate closed still serves its family.
            return Find(reports, ConditionTypes.WorkloadAvailable) is StepOutcome.Progressing ? Starting : Degraded;
        }

        return reports.Any(report => report.Outcome is StepOutcome.Blocked)
            ? Blocked
            : Find(reports, ConditionTypes.WorkloadAvailable) is not null ? Starting : Pending;
    }

    private static StepOutcome? Find(ImmutableArray<StepReport> reports, string condition) => reports.FirstOrDefault(report => report.Condition == condition)?.Outcome;
}
