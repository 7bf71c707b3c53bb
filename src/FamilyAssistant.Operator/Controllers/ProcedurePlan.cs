using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Rules;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Whether a procedure may be worked on. Asked twice: of the caches, to save requests, and of what was just read live, to act.</summary>
internal abstract record ProcedurePlan
{
    private ProcedurePlan()
    {
    }

    /// <summary>It may look, and with its turn act.</summary>
    /// <param name="Cancelled">It has to bring what it began to an end, which is this failure; null: it goes on.</param>
    internal sealed record Proceed(ProcedureOutcome.Failed? Cancelled = null) : ProcedurePlan;

    /// <summary>Not yet.</summary>
    internal sealed record Wait(string Reason, string Message) : ProcedurePlan;

    /// <summary>Not any more, or never.</summary>
    internal sealed record Fail(string Reason, string Message) : ProcedurePlan;

    /// <summary>Pure decision about a procedure that has not ended.</summary>
    public static ProcedurePlan Decide(ProcedureFacts facts)
    {
        if (!facts.IsReadable || facts.Violations.Count > 0)
        {
            return new Fail(ProcedureReasons.InvalidSpec, $"{string.Join("; ", facts.Violations)}. Create another {facts.Noun}.");
        }

        var cancelled = Ended(facts) ?? (facts.InstanceSource is { IsTerminating: true } && BringsToAnEnd(facts) ? Deleting(facts) : null);
        if (cancelled is not null && !facts.CancelsItself)
        {
            return cancelled;
        }

        if (OfInstance(facts) is { } obstacle)
        {
            return obstacle;
        }

        return facts.TakesTurn && facts.BegunOn is null && facts.Before is { } first
            ? Queued(first)
            : new Proceed(cancelled is null ? null : new ProcedureOutcome.Failed(cancelled.Reason, cancelled.Message));
    }

    /// <summary>Waits for the procedure of this name.</summary>
    public static Wait Queued(string name) => new(ProcedureReasons.Queued, $"Waits for {name} on the same instance.");

    private static Fail? Ended(ProcedureFacts facts)
    {
        if (facts.Source.IsTerminating)
        {
            return new Fail(ProcedureReasons.Deleted, $"The {facts.Noun} was deleted before it ended; the instance goes on by itself.");
        }

        return facts.Source.Generation > 1
            ? new Fail(ProcedureReasons.SpecChanged, $"spec was edited: what was asked for once cannot be changed; create another {facts.Noun}. What it began is left; the instance goes on by itself.")
            : null;
    }

    private static Fail Deleting(ProcedureFacts facts) => new(ProcedureReasons.InstanceTerminating, $"FamilyAssistantInstance {facts.InstanceName} is being deleted.");

    /// <summary>What it began on an instance that is being deleted can still be brought to an end: the deletion waits for that.</summary>
    private static bool BringsToAnEnd(ProcedureFacts facts) => facts.CancelsItself && facts.Instance is not null && facts.BegunOn == facts.InstanceSource?.Uid;

    private static ProcedurePlan? OfInstance(ProcedureFacts facts)
    {
        var name = facts.InstanceName;
        var begunOn = facts.BegunOn;
        if (facts.InstanceSource is not { } instance)
        {
            return begunOn is not null
                ? new Fail(ProcedureReasons.InstanceTerminating, $"FamilyAssistantInstance {name} was deleted while the {facts.Noun} ran.")
                : facts.WorksWithoutInstance
                    ? null
                    : new Wait(ProcedureReasons.InstanceNotFound, $"There is no FamilyAssistantInstance {name} in this namespace (spec.instanceRef.name). The {facts.Noun} begins when there is one; delete it if it is not wanted.");
        }

        if (begunOn is not null && begunOn != instance.Uid)
        {
            return new Fail(ProcedureReasons.InstanceReplaced, $"FamilyAssistantInstance {name} is another one than the {facts.Noun} was begun on; it is not touched. Create another {facts.Noun} for it.");
        }

        if (instance.IsTerminating && !BringsToAnEnd(facts))
        {
            return Deleting(facts);
        }

        if (facts.Instance is null || (facts.IsInstanceInvalid && begunOn is null && facts.TakesTurn))
        {
            return new Wait(ProcedureReasons.InstanceInvalid, $"The spec of FamilyAssistantInstance {name} breaks a rule, so nothing on it is carried out. Its condition Ready names the field; the {facts.Noun} begins when it is corrected.");
        }

        return facts.TakesTurn && PauseMark.IsOn(instance)
            ? new Wait(ProcedureReasons.InstancePaused, $"FamilyAssistantInstance {name} is paused. Remove its annotation {WireNames.PausedAnnotation} to let the {facts.Noun} go on.")
            : null;
    }
}

/// <summary>What the decision is made from.</summary>
internal sealed record ProcedureFacts
{
    /// <summary>What people call it.</summary>
    public required string Noun { get; init; }

    /// <summary>The procedure.</summary>
    public required ClusterObject Source { get; init; }

    /// <summary>Whether it fits into the records.</summary>
    public required bool IsReadable { get; init; }

    /// <summary>Bounds and rules that its spec breaks.</summary>
    public required IReadOnlyList<RuleViolation> Violations { get; init; }

    /// <summary>Whether it needs its turn.</summary>
    public required bool TakesTurn { get; init; }

    /// <summary>Name of its instance.</summary>
    public required string InstanceName { get; init; }

    /// <summary>UID of the instance that it was begun on; null: it has not begun.</summary>
    public required string? BegunOn { get; init; }

    /// <summary>The instance, or null.</summary>
    public required ClusterObject? InstanceSource { get; init; }

    /// <summary>The same as records; null when it does not fit into them.</summary>
    public required FamilyAssistantInstance? Instance { get; init; }

    /// <summary>Whether the instance's spec breaks a rule.</summary>
    public required bool IsInstanceInvalid { get; init; }

    /// <summary>What comes first on the same instance, as a noun and a name; null: nothing.</summary>
    public required string? Before { get; init; }

    /// <summary>Whether it can begin without its instance.</summary>
    public bool WorksWithoutInstance { get; init; }

    /// <summary>Whether it is called to bring to an end what it began, when it or its instance is deleted, or it is edited.</summary>
    public bool CancelsItself { get; init; }
}
