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
            return (instance, null);
        }

        var known = Cached(instance, holder) ?? await turns.FindAsync(instance, holder, ct);
        if (known is not (var kind, var procedure) || ProcedureReader.IsFinal(procedure))
        {
            return (await turns.ClearAsync(instance, ct), null);
        }

        // To stop pods on the word of a late cache would stop them a second time.
        return kind.StopsBecause(procedure) is not null && await api.GetAsync(kind.Type, procedure.Key, ct) is { } live && live.Uid == holder
            ? (instance, kind.StopsBecause(live))
            : (instance, null);
    }

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
