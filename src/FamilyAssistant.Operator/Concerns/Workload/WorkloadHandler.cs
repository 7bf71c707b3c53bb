using FamilyAssistant.Operator.Api.Operations;
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
    public async ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, CancellationToken ct) => await ExecuteAsync(pass, await WorkloadReader.ReadAsync(Api, pass, ct), ct);

    /// <summary>One look's decision, and what follows from it.</summary>
    protected abstract ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, LiveWorkload now, CancellationToken ct);
}
