using System.Net;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>
/// The pipeline in reverse, for an instance that is being deleted. Creates nothing and asks no database, so it works in a terminating namespace and with the
/// database down:
/// 1. the live instance is read: it must be the one that is terminating, and must still carry our finalizer. As long as it does, no other instance can have its
///    name, so nothing below can hit a successor's objects;
/// 2. the application's StatefulSet goes and its pods are waited for, but not for ever;
/// 3. a restore in the middle of its work puts back what was there before, which needs the instance's Secrets and, where it is managed, its database;
/// 4. the claim of its bot is given up, unless a pod is left that may poll;
/// 5. the objects that outlive their instance stay, or go when the deletion policy says so;
/// 6. the finalizer is removed; everything else is garbage-collected.
/// </summary>
internal sealed class Finalization(IClusterApi api, TelegramStep telegram, ProcedureLock turns, IEventRecorder events)
{
    private const string OrphanFinalizer = "orphan";

    /// <summary>Pods on a node that does not answer stay terminating until somebody acts, and a database that is down takes nothing back; the deletion must not hang with them.</summary>
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan PodCheck = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan PausedCheck = TimeSpan.FromMinutes(10);

    /// <summary>Sets the finalizer before the first object is made. The instance as it is then.</summary>
    /// <exception cref="ClusterApiException">Conflict: somebody else changed the instance at the same moment.</exception>
    public async ValueTask<ClusterObject> EnsureFinalizerAsync(InstancePass pass, CancellationToken ct)
    {
        var finalizers = pass.Instance.Metadata.Finalizers ?? [];
        if (finalizers.Contains(WireNames.InstanceFinalizer))
        {
            return pass.Source;
        }

        var written = await api.MergePatchAsync(pass.Source, FinalizerPatch.Add(finalizers), ct)
            ?? throw new ClusterApiException(ErrorClass.Conflict, HttpStatusCode.Conflict, "Conflict", $"{pass.Source.Type.Kind} {pass.Source.Key} changed while its finalizer was being set.");
        pass.Observed.Remember(written);
        return written;
    }

    /// <summary>One look at a deletion, and the next step of it.</summary>
    public async ValueTask<FinalizationOutcome> ExecuteAsync(InstancePass pass, CancellationToken ct)
    {
        if (await LiveAsync(pass, ct) is not { } live)
        {
            return new FinalizationOutcome.Finished();
        }

        var instance = InstanceReader.ForDeletion(live);
        if (pass.Paused)
        {
            return new FinalizationOutcome.Waiting($"Paused: nothing is removed while the annotation {WireNames.PausedAnnotation} is \"true\". Remove it to let the deletion go on.", PausedCheck);
        }

        // kubectl delete --cascade=orphan says that everything shall go on without the instance.
        if (instance.Metadata.Finalizers.Contains(OrphanFinalizer))
        {
            return await ReleaseAsync(pass, live, instance, ct);
        }

        if (await StopAsync(pass, instance, ct) is { } waiting)
        {
            return waiting;
        }

        if (await RestoreAsync(live, ct) is { } restore && !IsOverdue(pass, instance))
        {
            return new FinalizationOutcome.Waiting($"Waits for restore {restore} to put back what was there before.", PodCheck);
        }

        // A claim that cannot be given up yet is left to whoever needs it, rather than hold the deletion for ever.
        if (await telegram.ReleaseForDeletionAsync(pass, ct) is { } obstacle && !IsOverdue(pass, instance))
        {
            return new FinalizationOutcome.Waiting(obstacle, PodCheck);
        }

        await DisposeOfDataAsync(pass, instance, ct);
        return await ReleaseAsync(pass, live, instance, ct);
    }

    /// <summary>The instance if it is still the one that this pass is about. A cache that is behind must not delete what a successor of the same name has taken up.</summary>
    private async ValueTask<ClusterObject?> LiveAsync(InstancePass pass, CancellationToken ct)
    {
        if (pass.Instance.Metadata.Finalizers?.Contains(WireNames.InstanceFinalizer) != true)
        {
            return null;
        }

        var live = await api.GetAsync(Kinds.Instance, pass.Source.Key, ct);
        return live is { IsTerminating: true } && live.Uid == pass.Source.Uid
            && InstanceReader.ForDeletion(live).Metadata.Finalizers?.Contains(WireNames.InstanceFinalizer) == true
            ? live
            : null;
    }

    private async ValueTask<FinalizationOutcome?> StopAsync(InstancePass pass, FamilyAssistantInstance instance, CancellationToken ct)
    {
        await pass.Objects.RemoveAsync(ResourceTypes.StatefulSet, ObjectNames.Workload(pass.Name), ct);
        var pods = await api.ListAsync(ResourceTypes.Pod, pass.Namespace, $"{WireNames.InstanceLabel}={pass.Name},{WireNames.ComponentLabel}={Components.App}", ct);
        if (pods.Count == 0)
        {
            return null;
        }

        var names = string.Join(", ", pods.Select(pod => pod.Key.Name).Order(StringComparer.Ordinal).Take(5));
        if (!IsOverdue(pass, instance))
        {
            return new FinalizationOutcome.Waiting($"Waits for pod {names} to end.", PodCheck);
        }

        events.Record(pass.Source, EventSeverity.Warning, EventReasons.PodsLeftBehind, "Delete", $"Pod {names} did not end within {LongestWait.TotalMinutes:0} minutes, probably because its node does not answer. The deletion goes on without it.");
        return null;
    }

    /// <summary>A restore whose turn it is and that has not ended. Without its turn it has begun nothing.</summary>
    private async ValueTask<string?> RestoreAsync(ClusterObject live, CancellationToken ct) =>
        ProcedureLock.HolderOf(live) is { } holder && await turns.FindAsync(live, holder, ct) is (var kind, var procedure) && kind.Type == Kinds.Restore && !ProcedureReader.IsFinal(procedure)
            ? procedure.Key.Name
            : null;

    private static bool IsOverdue(InstancePass pass, FamilyAssistantInstance instance) => pass.Now - (instance.Metadata.DeletionTimestamp ?? pass.Now.UtcDateTime) >= LongestWait;

    private async ValueTask DisposeOfDataAsync(InstancePass pass, FamilyAssistantInstance instance, CancellationToken ct)
    {
        List<string> kept = [];
        List<string> deleted = [];
        foreach (var (type, name) in FinalizationPlan.Retained(pass.Name))
        {
            // Live, because this cannot be undone; what is not there, or is a stranger's, is not mentioned either.
            if (await api.GetAsync(type, new ObjectKey(pass.Namespace, name), ct) is not { IsTerminating: false } found || !FinalizationPlan.IsOurs(pass.Name, found))
            {
                continue;
            }

            if (!FinalizationPlan.Goes(instance, found))
            {
                kept.Add($"{type.Kind} {name}");
            }
            else if (await api.DeleteAsync(found, ct))
            {
                deleted.Add($"{type.Kind} {name}");
            }
        }

        if (kept.Count > 0)
        {
            events.Record(pass.Source, EventSeverity.Normal, EventReasons.DataRetained, "Delete", $"{string.Join(", ", kept)} stay; an instance of the same name takes them up again.");
        }

        if (deleted.Count > 0)
        {
            events.Record(pass.Source, EventSeverity.Normal, EventReasons.DataDeleted, "Delete", $"{string.Join(", ", deleted)} deleted, as spec.deletionPolicy says.");
        }
    }

    private async ValueTask<FinalizationOutcome> ReleaseAsync(InstancePass pass, ClusterObject live, FamilyAssistantInstance instance, CancellationToken ct)
    {
        var written = await api.MergePatchAsync(live, FinalizerPatch.Remove(instance.Metadata.Finalizers), ct);
        if (written is not null)
        {
            // Gone already, or held by somebody else's finalizer: either way the watch says so, and this pass has nothing left to do.
            return new FinalizationOutcome.Finished();
        }

        return await api.GetAsync(Kinds.Instance, pass.Source.Key, ct) is { } now && now.Uid == live.Uid
            ? new FinalizationOutcome.Waiting("The instance changed at this moment; looking again.", PodCheck)
            : new FinalizationOutcome.Finished();
    }
}
