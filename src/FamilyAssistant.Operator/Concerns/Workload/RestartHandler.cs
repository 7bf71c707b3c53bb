using System.Diagnostics;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>Runbook 1.3: the pods are replaced, the StatefulSet is not written. A pod is deleted by the UID that was recorded, so nothing that came later is hit.</summary>
internal sealed class RestartHandler(IClusterApi api) : WorkloadHandler(api)
{
    /// <inheritdoc />
    public override OperationAction Action => OperationAction.Restart;

    /// <inheritdoc />
    protected override async ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, LiveWorkload now, CancellationToken ct)
    {
        switch (RestartPlan.Decide(pass.Stage, pass.Before, now))
        {
            case RestartPlan.Replace(var pod, var outcome):
                await Api.DeleteAsync(pod.Source!, ct);
                return outcome;
            case RestartPlan.Answer(var outcome):
                return outcome;
            default:
                throw new UnreachableException();
        }
    }
}
