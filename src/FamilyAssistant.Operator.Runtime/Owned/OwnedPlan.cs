using System.Text.Json;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Owned;

/// <summary>What an object needs, decided from a snapshot of it. Pure.</summary>
internal abstract record OwnedPlan
{
    private OwnedPlan()
    {
    }

    /// <summary>Nothing is known of it: create it, without taking anything over.</summary>
    internal sealed record Create : OwnedPlan;

    /// <summary>It is as desired.</summary>
    internal sealed record Keep : OwnedPlan;

    /// <summary>Apply; <paramref name="Outcome"/> says why.</summary>
    internal sealed record Apply(EnsureOutcome Outcome) : OwnedPlan;

    /// <summary>It belongs to somebody else.</summary>
    internal sealed record Foreign : OwnedPlan;

    /// <summary>It is on its way out.</summary>
    internal sealed record Wait : OwnedPlan;

    /// <summary>The decision.</summary>
    /// <param name="seen">The object, or null when none of that name is known.</param>
    /// <param name="decorated">The manifest with ownership marks.</param>
    /// <param name="marks">How ours are recognised.</param>
    /// <param name="adopt">Whether a foreign object may be taken over.</param>
    public static OwnedPlan Decide(ClusterObject? seen, Decorated decorated, OwnerMarks marks, bool adopt)
    {
        if (seen is null)
        {
            return new Create();
        }

        if (!marks.IsOurs(seen))
        {
            return !adopt || (seen.ControllerUid is not null && seen.ControllerUid != marks.OwnerUid) ? new Foreign() : seen.IsTerminating ? new Wait() : new Apply(EnsureOutcome.Updated);
        }

        if (seen.IsTerminating)
        {
            return new Wait();
        }

        if (seen.Json.IsEmpty)
        {
            // Only the identity is kept of an object without our label: somebody removed it.
            return new Apply(EnsureOutcome.Reverted);
        }

        using var desired = JsonDocument.Parse(decorated.Manifest.Json);
        using var live = JsonDocument.Parse(seen.Json);
        var covered = Coverage.IsCovered(desired.RootElement, live.RootElement);
        var known = seen.Annotations.TryGetValue(marks.AppliedAnnotation, out var applied) && applied == decorated.Applied;
        return covered ? new Keep() : new Apply(known ? EnsureOutcome.Reverted : EnsureOutcome.Updated);
    }
}
