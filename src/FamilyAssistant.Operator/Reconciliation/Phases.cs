using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Conditions;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>One word for the table, derived from the same reports as the conditions; nothing ever decides by it.</summary>
internal static class Phases
{
    /// <summary>Reason that a step gives when the instance is stopped by <c>replicas: 0</c>.</summary>
    public const string StoppedReason = "Stopped";

    /// <summary>Phase of an instance that is being deleted.</summary>
    public const string Deleting = "Deleting";

    /// <summary>The word for these reports.</summary>
    public static string Of(ImmutableArray<StepReport> reports, bool paused)
    {
        if (paused)
        {
            return "Paused";
        }

        if (reports.All(report => report.Outcome is StepOutcome.Settled))
        {
            return reports.Any(report => report.Outcome!.Reason == StoppedReason) ? "Stopped" : "Running";
        }

        if (reports.Any(report => report is { Condition: ConditionTypes.WorkloadAvailable, Outcome: StepOutcome.Settled }))
        {
            return reports.Any(report => report.Outcome is StepOutcome.Blocked or StepOutcome.Faulted) ? "Degraded" : "Starting";
        }

        return reports.Any(report => report.Outcome is StepOutcome.Blocked)
            ? "Blocked"
            : reports.Any(report => report.Condition == ConditionTypes.WorkloadAvailable && report.Outcome is not null) ? "Starting" : "Pending";
    }
}
