using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Operations;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What the operation that has its turn means for the instance: whether it holds it stopped; and when it has ended or is gone, the end of its turn.</summary>
internal sealed class OperationHold(IClusterApi api, ICaches caches, OperationLock turns)
{
    /// <summary>Looks at the annotation of an instance that is neither paused nor being deleted.</summary>
    /// <returns>The instance, as it is after a stale annotation was removed; and why it is held stopped, or null.</returns>
    public async ValueTask<(ClusterObject Instance, string? StopBecause)> LookAsync(ClusterObject instance, CancellationToken ct)
    {
        if (OperationLock.HolderOf(instance) is not { } holder)
        {
            return (instance, null);
        }

        var operation = OperationSources.Of(caches, instance.Key).FirstOrDefault(known => known.Uid == holder) ?? await turns.FindAsync(instance, holder, ct);
        if (operation is null || OperationReader.IsFinal(operation))
        {
            return (await turns.ClearAsync(instance, ct), null);
        }

        // To stop pods on the word of a late cache would stop them a second time.
        return IsStopping(operation) && await api.GetAsync(Kinds.Operation, operation.Key, ct) is { } live && live.Uid == holder && IsStopping(live)
            ? (instance, $"operation {operation.Key.Name} stops the instance and starts it again")
            : (instance, null);
    }

    private static bool IsStopping(ClusterObject operation) =>
        OperationReader.StatusOf(operation) is { Phase: OperationPhases.Running, Stage: OperationStages.Stopping } && operation is { IsTerminating: false, Generation: <= 1 };
}
