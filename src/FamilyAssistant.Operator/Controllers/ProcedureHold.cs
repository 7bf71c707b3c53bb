using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What the procedure that has its turn means for the instance: whether it holds it stopped; and when it has ended or is gone, the end of its turn.</summary>
internal sealed class ProcedureHold(IClusterApi api, ICaches caches, ProcedureLock turns, IEnumerable<IProcedureKind> kinds)
{
    /// <summary>Looks at the annotation of an instance that is neither paused nor being deleted.</summary>
    /// <returns>The instance, as it is after a stale annotation was removed; and why it is held stopped, or null.</returns>
    public async ValueTask<(ClusterObject Instance, string? StopBecause)> LookAsync(ClusterObject instance, CancellationToken ct)
    {
        if (ProcedureLock.HolderOf(instance) is not { } holder)
        {
            return (instance, ComesFirst(instance));
        }

        var known = Cached(instance, holder) ?? await turns.FindAsync(instance, holder, ct);
        if (known is not (var kind, var procedure) || ProcedureReader.IsFinal(procedure))
        {
            var free = await turns.ClearAsync(instance, ct);
            return (free, ComesFirst(free));
        }

        // To stop pods on the word of a late cache would stop them a second time; and one that is late about a restore must not start them in the middle of it.
        return (kind.StopsBecause(procedure) is not null || kind.Type == Kinds.Restore) && await api.GetAsync(kind.Type, procedure.Key, ct) is { } live && live.Uid == holder
            ? (instance, kind.StopsBecause(live))
            : (instance, kind.Type == Kinds.Restore ? null : ComesFirst(instance));
    }

    /// <summary>An instance that has never run waits for the restores that are known; the workload's step asks again, live, before it starts it for the first time.</summary>
    private string? ComesFirst(ClusterObject instance) => caches[ResourceTypes.StatefulSet].Get(new ObjectKey(instance.Key.Namespace, ObjectNames.Workload(instance.Key.Name))) is null
        ? PendingRestore.Of(ProcedureSources.Of(caches, Kinds.Restore, instance.Key), instance.Key.Name)
        : null;

    private (IProcedureKind Kind, ClusterObject Source)? Cached(ClusterObject instance, string uid)
    {
        foreach (var kind in kinds)
        {
            if (ProcedureSources.Of(caches, kind.Type, instance.Key).FirstOrDefault(known => known.Uid == uid) is { } found)
            {
                return (kind, found);
            }
        }

        return null;
    }
}
