using System.Collections.Immutable;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Status of an instance whose spec breaks a rule: what runs is left as it is, so the concerns' conditions stay as they were.</summary>
internal static class InvalidSpecStatus
{
    /// <summary>The new status; every violation is named with its field.</summary>
    public static InstanceStatus Project(
        InstanceStatus? previous,
        long generation,
        IReadOnlyList<RuleViolation> violations,
        ImmutableArray<StepReport> observed,
        DateTimeOffset now)
    {
        var message = string.Join("; ", violations) + ".";
        var before = previous?.Conditions ?? [];
        var conditions = new ConditionSet(before, generation, now);
        conditions.Add(ConditionTypes.Ready, "False", CommonReasons.InvalidSpec, message);
        conditions.Add(ConditionTypes.Stalled, "True", CommonReasons.InvalidSpec, message);
        string[] summary = [ConditionTypes.Ready, ConditionTypes.Stalled, ConditionTypes.Reconciling];
        foreach (var kept in before.Where(condition => !summary.Contains(condition.Type)))
        {
            if (observed.FirstOrDefault(report => report.Condition == kept.Type)?.Outcome is { } fresh)
            {
                conditions.Add(kept.Type, fresh is StepOutcome.Settled ? "True" : "False", fresh.Reason, fresh.Message);
            }
            else
            {
                conditions.Keep(kept);
            }
        }

        return (previous ?? new InstanceStatus()) with { ObservedGeneration = generation, Conditions = conditions.ToList(), Phase = Phases.Blocked };
    }
}
