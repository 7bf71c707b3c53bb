using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Status of an instance that is being deleted and waits for something.</summary>
internal static class DeletingStatus
{
    /// <summary>The new status: Ready False and Reconciling True, both saying what is waited for; the concerns' conditions are gone with what they spoke of.</summary>
    public static InstanceStatus Project(InstanceStatus? previous, long generation, string message, DateTimeOffset now)
    {
        var conditions = new ConditionSet(previous?.Conditions ?? [], generation, now);
        conditions.Add(ConditionTypes.Ready, "False", Phases.Deleting, message);
        conditions.Add(ConditionTypes.Reconciling, "True", Phases.Deleting, message);
        return (previous ?? new InstanceStatus()) with { ObservedGeneration = generation, Conditions = conditions.ToList(), Phase = Phases.Deleting };
    }
}
