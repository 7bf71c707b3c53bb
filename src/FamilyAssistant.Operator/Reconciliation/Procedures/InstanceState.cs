using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>What the operator last said of an instance, as far as operations ask for it. Pure.</summary>
/// <param name="IsReady">Ready is True, and speaks of the spec as it is.</param>
/// <param name="Summary">Reason and message of Ready.</param>
/// <param name="ClosedGate">Which earlier condition would keep the application from starting, with its reason and message; null: none.</param>
internal sealed record InstanceState(bool IsReady, string Summary, string? ClosedGate)
{
    /// <summary>Reads it.</summary>
    public static InstanceState Of(FamilyAssistantInstance instance)
    {
        if (instance.Status is not { } status || status.ObservedGeneration != instance.Metadata.Generation)
        {
            return new InstanceState(false, "the operator has not seen its spec yet", "The operator has not seen its spec yet.");
        }

        var ready = Find(status, ConditionTypes.Ready);
        var gate = Find(status, ConditionTypes.WorkloadAvailable) switch
        {
            null => "The operator has not looked at it yet.",
            { Status: "Unknown" } workload => status.Conditions.FirstOrDefault(condition => condition.Status == "False" && !IsSummary(condition)) is { } closed
                ? $"Condition {closed.Type} is not True ({closed.Reason}): {closed.Message}"
                : workload.Message,
            _ => null,
        };
        return new InstanceState(ready?.Status == "True", ready is null ? "" : $"{ready.Reason}: {ready.Message}", gate);
    }

    private static bool IsSummary(Condition condition) => condition.Type is ConditionTypes.Ready or ConditionTypes.Reconciling or ConditionTypes.Stalled;

    private static Condition? Find(InstanceStatus status, string type) => status.Conditions.FirstOrDefault(condition => condition.Type == type);
}
