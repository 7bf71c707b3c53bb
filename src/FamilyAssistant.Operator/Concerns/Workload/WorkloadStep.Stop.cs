using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Concerns.Workload;

/// <summary>To stop is always possible: a leaked token, a lost Secret or a database that is down is when it is wanted most.</summary>
internal sealed partial class WorkloadStep
{
    /// <inheritdoc />
    public async ValueTask<StepOutcome?> ExecuteBehindClosedGateAsync(InstancePass pass, CancellationToken ct)
    {
        if (pass.Replicas > 0
            || RunningSet.Of(await ReadAsync(pass, ResourceTypes.StatefulSet, ObjectNames.Workload(pass.Name), ct)) is not { } set
            || set.Source.ControllerUid != pass.Source.Uid)
        {
            return null;
        }

        var outcome = set.Replicas > 0 && !pass.Paused ? await StopAsync(pass, set, ct) : Observe(pass, set);
        return outcome with { Report = Report(pass) };
    }

    /// <summary>A stop must work although the Secret is gone: after a leaked token the two happen together.</summary>
    private async ValueTask<StepOutcome> StopAsync(InstancePass pass, RunningSet set, CancellationToken ct)
    {
        if (await api.MergePatchAsync(set.Source, ZeroReplicas, ct) is { } scaled)
        {
            pass.Observed.Remember(scaled);
            events.Record(pass.Source, EventSeverity.Normal, EventReasons.Scaled, "Apply", pass.StopBecause is { } reason ? $"Stopped for a while: {reason}." : "Stopped as asked, by the last good pod template.");
        }

        return new StepOutcome.Progressing(WorkloadReasons.Stopping, "The pods are ending.", PodCheck);
    }
}
