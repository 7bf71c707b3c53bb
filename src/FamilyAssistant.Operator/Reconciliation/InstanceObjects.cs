using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;
using FamilyAssistant.Operator.Runtime.Owned;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Writes the objects of one instance during one pass. A paused instance gets no write: a missing object is reported instead.</summary>
internal sealed class InstanceObjects(IOwnedObjects owned, IEventRecorder events, ClusterObject instance, bool paused, bool adopt)
{
    /// <summary>The instance was Ready with the spec that it has now: an object that is missing has been there, and somebody deleted it.</summary>
    public bool WasReady { get; init; }

    /// <summary>Reads <see cref="WasReady"/> from the status. Only an event depends on it.</summary>
    public static bool IsReady(InstanceStatus? status, long generation) =>
        status?.ObservedGeneration == generation && status.Conditions?.Any(condition => condition is { Type: ConditionTypes.Ready, Status: "True" }) == true;

    /// <summary>
    /// Makes these objects be as their manifests say, in this order. Null when they are; otherwise why not (first obstacle).
    /// </summary>
    /// <param name="lifetime">Whether they go with the instance.</param>
    /// <param name="ct">Cancellation.</param>
    /// <param name="manifests">The desired objects.</param>
    public async ValueTask<StepOutcome?> EnsureAsync(ObjectLifetime lifetime, CancellationToken ct, params IEnumerable<Manifest> manifests)
    {
        StepOutcome? obstacle = null;
        foreach (var manifest in manifests)
        {
            obstacle ??= await EnsureOneAsync(manifest, lifetime, ct);
        }

        return obstacle;
    }

    /// <summary>Deletes the object if it is there and ours.</summary>
    public async ValueTask RemoveAsync(ResourceType type, string name, CancellationToken ct)
    {
        if (!paused)
        {
            await owned.RemoveAsync(instance, type, new ObjectKey(instance.Key.Namespace, name), ct);
        }
    }

    private async ValueTask<StepOutcome?> EnsureOneAsync(Manifest manifest, ObjectLifetime lifetime, CancellationToken ct)
    {
        if (paused)
        {
            return null;
        }

        var kind = manifest.Type.Kind;
        var result = await owned.EnsureAsync(instance, manifest, lifetime == ObjectLifetime.Instance, adopt, ct);
        switch (result.Outcome)
        {
            case EnsureOutcome.NameConflict:
                return new StepOutcome.Blocked(
                    CommonReasons.NameConflict,
                    $"{kind} {manifest.Key} exists and does not belong to this instance. Remove or rename it, or set the annotation family-assistant.io/adopt: \"true\" to take it over.");
            case EnsureOutcome.Terminating:
                return new StepOutcome.Progressing(CommonReasons.WaitingForDeletion, $"{kind} {manifest.Key} is being deleted; it is made anew when it is gone.");
            case EnsureOutcome.Reverted:
                events.Record(instance, EventSeverity.Normal, EventReasons.DriftReverted, "Revert", $"{kind} {manifest.Key.Name} had been changed by somebody else and is as the instance says again.");
                return null;
            case EnsureOutcome.Created when WasReady:
                events.Record(instance, EventSeverity.Normal, EventReasons.ObjectRestored, "Create", $"{kind} {manifest.Key.Name} was missing and has been made again.");
                return null;
            default:
                return null;
        }
    }
}

/// <summary>How long an object lives.</summary>
internal enum ObjectLifetime
{
    /// <summary>It is garbage-collected with the instance.</summary>
    Instance,

    /// <summary>It has no owner reference and outlives the instance unless the deletion policy says otherwise.</summary>
    Retained,
}
