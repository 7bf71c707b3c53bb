using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>Runbook 8: everything down, and up again when nothing is left. The bot's claim is kept meanwhile. Who stops and starts is the one writer of the StatefulSet.</summary>
internal sealed class StopStartHandler(IClusterApi api) : WorkloadHandler(api)
{
    /// <inheritdoc />
    public override OperationAction Action => OperationAction.StopStart;

    /// <inheritdoc />
    protected override ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, LiveWorkload now, CancellationToken ct) =>
        new(StopStartPlan.Decide(pass.Stage, pass.Before, now));
}
