using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Status of an instance whose surroundings cannot be read: nothing is concluded and nothing is touched, so the concerns' conditions stay as they were.</summary>
internal static class UnreadableStatus
{
    /// <summary>The new status.</summary>
    public static InstanceStatus Project(InstanceStatus? previous, long generation, string message, DateTimeOffset now)
    {
        var before = previous?.Conditions ?? [];
        var conditions = new ConditionSet(before, generation, now);
        conditions.Add(ConditionTypes.Ready, "False", CommonReasons.Unreadable, message);
        conditions.Add(ConditionTypes.Reconciling, "True", SummaryReasons.ProgressingWithRetry, message);
        string[] summary = [ConditionTypes.Ready, ConditionTypes.Stalled, ConditionTypes.Reconciling];
        foreach (var kept in before.Where(condition => !summary.Contains(condition.Type)))
        {
            conditions.Keep(kept);
        }

        return (previous ?? new InstanceStatus()) with { ObservedGeneration = generation, Conditions = conditions.ToList(), Phase = Phases.Blocked };
    }
}
