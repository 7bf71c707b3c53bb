using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Reconciliation.Operations;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Whether an operation may be worked on. Asked twice: of the caches, to save requests, and of what was just read live, to act.</summary>
internal abstract record OperationPlan
{
    private OperationPlan()
    {
    }

    /// <summary>Its handler may look, and with the lock act.</summary>
    internal sealed record Proceed(FamilyAssistantOperation Operation, ClusterObject InstanceSource, FamilyAssistantInstance Instance) : OperationPlan;

    /// <summary>Not yet.</summary>
    internal sealed record Wait(string Reason, string Message) : OperationPlan;

    /// <summary>Not any more, or never.</summary>
    internal sealed record Fail(string Reason, string Message) : OperationPlan;

    /// <summary>Pure decision about an operation that has not ended.</summary>
    public static OperationPlan Decide(OperationFacts facts)
    {
        if (facts.Operation is not { } operation || facts.Violations.Count > 0)
        {
            return new Fail(OperationReasons.InvalidSpec, $"{string.Join("; ", facts.Violations)}. Create another operation.");
        }

        if (facts.Source.IsTerminating)
        {
            return new Fail(OperationReasons.OperationDeleted, "The operation was deleted before it ended; the instance goes on by itself.");
        }

        if (facts.Source.Generation > 1)
        {
            return new Fail(OperationReasons.SpecChanged, $"spec was edited: {OperationRules.Immutable.Message}. What it began is left; the instance goes on by itself.");
        }

        if (OfInstance(facts, operation) is { } obstacle)
        {
            return obstacle;
        }

        return facts.TakesTurn && operation.Status?.InstanceUid is null && facts.Before is { } first
            ? Queued(first)
            : new Proceed(operation, facts.InstanceSource!, facts.Instance!);
    }

    private static OperationPlan? OfInstance(OperationFacts facts, FamilyAssistantOperation operation)
    {
        var name = operation.Spec.InstanceRef.Name;
        var begunOn = operation.Status?.InstanceUid;
        if (facts.InstanceSource is not { } instance)
        {
            return begunOn is null
                ? new Wait(OperationReasons.InstanceNotFound, $"There is no FamilyAssistantInstance {name} in this namespace (spec.instanceRef.name). The operation begins when there is one; delete it if it is not wanted.")
                : new Fail(OperationReasons.InstanceTerminating, $"FamilyAssistantInstance {name} was deleted while the operation ran.");
        }

        if (begunOn is not null && begunOn != instance.Uid)
        {
            return new Fail(OperationReasons.InstanceReplaced, $"FamilyAssistantInstance {name} is another one than the operation was begun on; it is not touched. Create another operation for it.");
        }

        if (instance.IsTerminating)
        {
            return new Fail(OperationReasons.InstanceTerminating, $"FamilyAssistantInstance {name} is being deleted.");
        }

        if (facts.Instance is null || (facts.IsInstanceInvalid && begunOn is null && facts.TakesTurn))
        {
            return new Wait(OperationReasons.InstanceInvalid, $"The spec of FamilyAssistantInstance {name} breaks a rule, so nothing on it is carried out. Its condition Ready names the field; the operation begins when it is corrected.");
        }

        return facts.TakesTurn && instance.Annotations.GetValueOrDefault(WireNames.PausedAnnotation) == "true"
            ? new Wait(OperationReasons.InstancePaused, $"FamilyAssistantInstance {name} is paused. Remove its annotation {WireNames.PausedAnnotation} to let the operation go on.")
            : null;
    }

    /// <summary>Waits for the operation of this name.</summary>
    public static Wait Queued(string name) => new(OperationReasons.Queued, $"Waits for operation {name} on the same instance.");
}

/// <summary>What the decision is made from.</summary>
/// <param name="Source">The operation.</param>
/// <param name="Operation">The same as records; null when it does not fit into them.</param>
/// <param name="Violations">Bounds that its spec breaks.</param>
/// <param name="TakesTurn">Whether it changes something and therefore needs its turn.</param>
/// <param name="InstanceSource">The instance that it names, or null.</param>
/// <param name="Instance">The same as records; null when it does not fit into them.</param>
/// <param name="IsInstanceInvalid">Whether the instance's spec breaks a rule.</param>
/// <param name="Before">Name of the operation that comes first on the same instance, or null.</param>
internal sealed record OperationFacts(
    ClusterObject Source,
    FamilyAssistantOperation? Operation,
    IReadOnlyList<RuleViolation> Violations,
    bool TakesTurn,
    ClusterObject? InstanceSource,
    FamilyAssistantInstance? Instance,
    bool IsInstanceInvalid,
    string? Before);
