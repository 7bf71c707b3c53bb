using System.Text.Json;
using FamilyAssistant.Operator.Api;
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
        if (previous is not null && Serialise(status).AsSpan().SequenceEqual(Serialise(previous)))
        {
            return;
        }

        ClusterObject written;
        try
        {
            written = await api.PatchStatusAsync(new Manifest(Kinds.Instance, source.Key, Body(source, status)), ct);
        }
        catch (ClusterApiException gone) when (gone.Reason == "NotFound")
        {
            return;
        }

        caches[Kinds.Instance].Remember(written);
        Announce(source, previous, status);
    }

    private static byte[] Serialise(InstanceStatus status) => JsonSerializer.SerializeToUtf8Bytes(status, StatusPatchContext.Default.InstanceStatus);

    /// <summary>The UID makes the API server refuse the status of an earlier incarnation of the same name.</summary>
    private static byte[] Body(ClusterObject source, InstanceStatus status)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteString("apiVersion", WireNames.ApiVersion);
            writer.WriteString("kind", FamilyAssistantInstance.KindName);
            writer.WriteStartObject("metadata");
            writer.WriteString("name", source.Key.Name);
            writer.WriteString("namespace", source.Key.Namespace);
            writer.WriteString("uid", source.Uid);
            writer.WriteEndObject();
            writer.WritePropertyName("status");
            JsonSerializer.Serialize(writer, status, StatusPatchContext.Default.InstanceStatus);
            writer.WriteEndObject();
        }

        return stream.ToArray();
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
