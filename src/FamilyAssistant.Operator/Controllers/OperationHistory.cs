using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>Keeps as many finished operations of an instance as <c>spec.operationHistoryLimit</c> says.</summary>
internal sealed class OperationHistory(IClusterApi api, ICaches caches)
{
    /// <summary>Deletes what is too much, the oldest first. Nothing while there is no instance that says how many to keep.</summary>
    public async ValueTask TrimAsync(ObjectKey instance, CancellationToken ct)
    {
        if (caches[Kinds.Instance].Get(instance) is not { IsTerminating: false } source || InstanceReader.Read(source) is not { } model)
        {
            return;
        }

        foreach (var surplus in Surplus(ProcedureSources.Of(caches, Kinds.Operation, instance), model.Spec.OperationHistoryLimit))
        {
            if (await api.DeleteAsync(surplus, ct))
            {
                caches[Kinds.Operation].Forget(surplus);
            }
        }
    }

    /// <summary>Those to be deleted; among those that ended in the same second, the first by name. What a GitOps tool manages is not among them: the tool would create it again, and it would run again.</summary>
    public static IReadOnlyList<ClusterObject> Surplus(IEnumerable<ClusterObject> operations, int limit) =>
    [
        .. operations
            .Where(operation => !operation.IsTerminating && !GitOpsMarks.IsManaged(operation))
            .Where(ProcedureReader.IsFinal)
            .Select(operation => (Operation: operation, ProcedureReader.Of(operation).FinishedAt))
            .OrderByDescending(each => each.FinishedAt, StringComparer.Ordinal)
            .ThenByDescending(each => each.Operation.Key.Name, StringComparer.Ordinal)
            .Skip(limit)
            .Select(each => each.Operation)
            .Reverse(),
    ];
}
