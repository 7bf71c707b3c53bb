using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>The one writer of an instance's status: writes when it changed, and tells people when readiness did.</summary>
internal sealed class StatusWriter(IClusterApi api, ICaches caches, IEventRecorder events)
{
    /// <summary>Writes the status unless it is as it was read.</summary>
    public async ValueTask WriteAsync(ClusterObject source, InstanceStatus? previous, InstanceStatus status, CancellationToken ct)
    {
        if (StatusPatch.IsSame(previous, status, StatusPatchContext.Default.InstanceStatus))
        {
            return;
        }

        ClusterObject written;
        try
        {
            written = await api.PatchStatusAsync(StatusPatch.Of(source, status, StatusPatchContext.Default.InstanceStatus, unchanged: false), ct);
        }
        catch (ClusterApiException gone) when (gone.Reason == "NotFound")
        {
            return;
        }

        caches[Kinds.Instance].Remember(written);
        Announce(source, previous, status);
    }

    private void Announce(ClusterObject source, InstanceStatus? previous, InstanceStatus status)
    {
        var before = Ready(previous);
        var after = Ready(status);
        if (after is null || (before?.Status == after.Status && before.Reason == after.Reason))
        {
            return;
        }

        if (after.Status == "True")
        {
            events.Record(source, EventSeverity.Normal, EventReasons.Ready, "Reconcile", after.Message);
        }
        else if (NeedsSomebody(status))
        {
            events.Record(source, EventSeverity.Warning, after.Reason, "Reconcile", after.Message);
        }
        else if (before?.Status == "True")
        {
            // Not ready for a moment because of what somebody asked for is no cause for alarm; by itself it is.
            var severity = before.ObservedGeneration == after.ObservedGeneration ? EventSeverity.Warning : EventSeverity.Normal;
            events.Record(source, severity, after.Reason, "Reconcile", after.Message);
        }
    }

    /// <summary>Whether nothing goes on until a person, or another object, does.</summary>
    private static bool NeedsSomebody(InstanceStatus status) => status.Conditions.Any(condition =>
        condition.Type == ConditionTypes.Stalled || condition is { Type: ConditionTypes.Reconciling, Reason: SummaryReasons.DependencyNotReady });

    private static Condition? Ready(InstanceStatus? status) => status?.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.Ready);
}
