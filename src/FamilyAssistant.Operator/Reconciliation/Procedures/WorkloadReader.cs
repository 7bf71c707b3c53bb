using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>The application as it is now, for procedures that stop it or wait for it.</summary>
internal static class WorkloadReader
{
    /// <summary>A live look. The StatefulSet before the pods: one at zero that is seen after the list could have had a pod in it.</summary>
    public static async ValueTask<LiveWorkload> ReadAsync<T>(IClusterApi api, ProcedurePass<T> pass, CancellationToken ct)
        where T : class
    {
        var set = await api.GetAsync(ResourceTypes.StatefulSet, new ObjectKey(pass.Namespace, ObjectNames.Workload(pass.InstanceName)), ct);
        var pods = await api.ListAsync(ResourceTypes.Pod, pass.Namespace, $"{WireNames.InstanceLabel}={pass.InstanceName},{WireNames.ComponentLabel}={Components.App}", ct);
        return new LiveWorkload(
            InstanceState.Of(pass.Instance),
            pass.Instance.Spec.Replicas,
            set is not null && set.ControllerUid == pass.InstanceSource.Uid ? RunningSet.Of(set) : null,
            PodRecord.Of(pods));
    }
}
