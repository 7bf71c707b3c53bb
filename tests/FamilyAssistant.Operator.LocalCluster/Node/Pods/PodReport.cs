using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>What a pod's status says, over its whole life: a final phase stays, times of transitions are kept.</summary>
internal sealed class PodReport(V1Pod pod, PodServices services)
{
    private readonly DateTime _startTime = pod.Status?.StartTime ?? services.Now.UtcDateTime;
    private IList<V1PodCondition> _conditions = pod.Status?.Conditions ?? [];
    private string? _finalPhase = PodPhases.IsTerminal(pod.Status?.Phase) ? pod.Status!.Phase : null;
    private string? _reason = pod.Status?.Reason;
    private string? _message = pod.Status?.Message;

    /// <summary>Whether nothing of it runs again.</summary>
    public bool IsFinal => _finalPhase is not null;

    /// <summary>Whether <c>activeDeadlineSeconds</c> are over; if not yet, the alarm is set for then.</summary>
    public bool HasRunTooLong(V1Pod current, Action<DateTimeOffset> alarm)
    {
        if (current.Spec.ActiveDeadlineSeconds is not { } seconds || (IsFinal && _reason != "DeadlineExceeded"))
        {
            return false;
        }

        var deadline = new DateTimeOffset(DateTime.SpecifyKind(_startTime, DateTimeKind.Utc)).AddSeconds(seconds);
        if (services.Now < deadline)
        {
            alarm(deadline);
            return false;
        }

        (_finalPhase, _reason, _message) = (PodPhases.Failed, "DeadlineExceeded", "Pod was active on the node longer than the specified deadline");
        return true;
    }

    /// <summary>The node needs what the pod takes. A pod that is over stays as it ended.</summary>
    public void Evict()
    {
        if (!IsFinal)
        {
            (_finalPhase, _reason, _message) = (PodPhases.Failed, "Evicted", "The node was low on resource: ephemeral-storage. ");
        }
    }

    /// <summary>The pod was ended from outside: its last phase follows from how its containers ended.</summary>
    public void End(PodContainers containers) => _finalPhase ??= containers.Main.All(unit => unit.HasSucceeded) ? PodPhases.Succeeded : PodPhases.Failed;

    public V1PodStatus Build(V1Pod current, PodContainers containers, PodAttachment? network)
    {
        var idle = containers.Init.Count > 0 ? "PodInitializing" : "ContainerCreating";
        V1ContainerStatus[] init = [.. containers.Init.Select(unit => unit.Status(idle))];
        V1ContainerStatus[] main = [.. containers.Main.Select(unit => unit.Status(idle))];
        var phase = _finalPhase ?? PodPhases.Of(current.Spec.RestartPolicy, init, main);
        if (PodPhases.IsTerminal(phase) && !containers.AreRunning)
        {
            _finalPhase = phase;
        }

        _conditions = PodConditions.Of(current, phase, init, main, _conditions, services.Now);
        return new V1PodStatus
        {
            Phase = phase,
            Reason = _reason,
            Message = _message,
            StartTime = _startTime,
            HostIP = services.NodeAddress,
            PodIP = network?.Address,
            PodIPs = network is null ? null : [new V1PodIP { Ip = network.Address }],
            Conditions = _conditions,
            InitContainerStatuses = init.Length == 0 ? null : init,
            ContainerStatuses = main,
        };
    }
}
