using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Reconciliation.Operations;

/// <summary>
/// The one writer of an operation's status. Each write is tied to the version that was read: whoever is late, an operator that led before or a cache, is refused, and a final
/// phase is never replaced.
/// </summary>
internal sealed class OperationStatusWriter(IClusterApi api, ICaches caches, IEventRecorder events, OperationMetrics metrics)
{
    /// <summary>Writes the status unless it is as it was read.</summary>
    /// <param name="source">The operation as it was read.</param>
    /// <param name="operation">The same as records; null when it does not fit into them.</param>
    /// <param name="instance">Its instance, to be told as well; null when there is none.</param>
    /// <param name="previous">Status as it was read.</param>
    /// <param name="status">Status as it shall be.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="ClusterApiException">Conflict: the operation was written since.</exception>
    public async ValueTask WriteAsync(
        ClusterObject source, FamilyAssistantOperation? operation, ClusterObject? instance, OperationStatus? previous, OperationStatus status, CancellationToken ct)
    {
        if (OperationPhases.IsFinal(previous?.Phase) || StatusPatch.IsSame(previous, status, StatusPatchContext.Default.OperationStatus))
        {
            return;
        }

        ClusterObject written;
        try
        {
            written = await api.PatchStatusAsync(StatusPatch.Of(source, status, StatusPatchContext.Default.OperationStatus, unchanged: true), ct);
        }
        catch (ClusterApiException gone) when (gone.Reason == "NotFound")
        {
            return;
        }

        caches[Kinds.Operation].Remember(written);
        if (previous?.Phase != status.Phase)
        {
            Announce(source, operation, instance, status);
        }
    }

    private void Announce(ClusterObject source, FamilyAssistantOperation? operation, ClusterObject? instance, OperationStatus status)
    {
        if (operation is { Spec.DryRun: false } && OperationPhases.IsFinal(status.Phase))
        {
            metrics.Count(operation.Spec.Action, status.Phase!);
        }

        var name = operation is null ? $"Operation {source.Key.Name}" : $"Operation {source.Key.Name} ({operation.Spec.Action}{(operation.Spec.DryRun ? ", dry run" : "")})";
        foreach (var about in (ClusterObject?[])[source, instance])
        {
            if (about is not null)
            {
                Announce(about, name, status);
            }
        }
    }

    private void Announce(ClusterObject about, string name, OperationStatus status)
    {
        switch (status.Phase)
        {
            case OperationPhases.Running:
                events.Record(about, EventSeverity.Normal, EventReasons.OperationStarted, "Operate", $"{name} began: {status.Message}");
                break;
            case OperationPhases.Succeeded:
                events.Record(about, EventSeverity.Normal, EventReasons.OperationSucceeded, "Operate", $"{name}: {status.Message}");
                break;
            case OperationPhases.Failed:
                events.Record(about, EventSeverity.Warning, EventReasons.OperationFailed, "Operate", $"{name}: {status.Message}");
                break;
            default:
                break;
        }
    }
}
