using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>What the operations about the workload have in common: they look at it live, and they change something.</summary>
internal abstract class WorkloadHandler(IClusterApi api) : IOperationHandler
{
    /// <inheritdoc />
    public abstract OperationAction Action { get; }

    /// <inheritdoc />
    public bool IsMutating => true;

    /// <summary>The API server.</summary>
    protected IClusterApi Api => api;

    /// <inheritdoc />
    public async ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, CancellationToken ct) => await ExecuteAsync(pass, await ReadAsync(pass, ct), ct);

    /// <summary>One look's decision, and what follows from it.</summary>
    protected abstract ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, LiveWorkload now, CancellationToken ct);

    /// <summary>The StatefulSet before the pods: one at zero that is seen after the list could have had a pod in it.</summary>
    private async ValueTask<LiveWorkload> ReadAsync(ProcedurePass<FamilyAssistantOperation> pass, CancellationToken ct)
    {
        var set = await Api.GetAsync(ResourceTypes.StatefulSet, new ObjectKey(pass.Namespace, ObjectNames.Workload(pass.InstanceName)), ct);
        var pods = await Api.ListAsync(ResourceTypes.Pod, pass.Namespace, $"{WireNames.InstanceLabel}={pass.InstanceName},{WireNames.ComponentLabel}={Components.App}", ct);
        return new LiveWorkload(
            InstanceState.Of(pass.Instance),
            pass.Instance.Spec.Replicas,
            set is not null && set.ControllerUid == pass.InstanceSource.Uid ? RunningSet.Of(set) : null,
            PodRecord.Of(pods));
    }
}
