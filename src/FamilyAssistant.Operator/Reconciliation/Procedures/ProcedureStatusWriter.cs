using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Events;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>
/// The one writer of a procedure's status. Each write is tied to the version that was read: whoever is late, an operator that led before or a cache, is refused, and a final
/// phase is never replaced.
/// </summary>
internal sealed class ProcedureStatusWriter<TProcedure, TStatus>(IClusterApi api, ICaches caches, IEventRecorder events, ProcedureKind<TProcedure, TStatus> kind)
    where TProcedure : class
    where TStatus : ProcedureStatus, new()
{
    /// <summary>Writes the status unless it is as it was read. The object as it is then; null when it is gone.</summary>
    /// <param name="source">The procedure as it was read.</param>
    /// <param name="instance">Its instance, to be told as well; null when there is none.</param>
    /// <param name="previous">Status as it was read.</param>
    /// <param name="status">Status as it shall be. Of one that has ended only what the kind adds to its own members may differ.</param>
    /// <param name="ct">Cancellation.</param>
    /// <exception cref="ClusterApiException">Conflict: the procedure was written since.</exception>
    public async ValueTask<ClusterObject?> WriteAsync(ClusterObject source, ClusterObject? instance, TStatus? previous, TStatus status, CancellationToken ct)
    {
        if ((ProcedurePhases.IsFinal(previous?.Phase) && previous!.Phase != status.Phase) || StatusPatch.IsSame(previous, status, kind.StatusPatchJson))
        {
            return source;
        }

        ClusterObject written;
        try
        {
            written = await api.PatchStatusAsync(StatusPatch.Of(source, status, kind.StatusPatchJson, unchanged: true), ct);
        }
        catch (ClusterApiException gone) when (gone.Reason == "NotFound")
        {
            return null;
        }

        caches[kind.Type].Remember(written);
        if (previous?.Phase != status.Phase)
        {
            Announce(source, instance, status);
        }

        return written;
    }

    private void Announce(ClusterObject source, ClusterObject? instance, TStatus status)
    {
        var procedure = kind.Read(source);
        if (procedure is not null && !kind.IsDryRun(procedure) && ProcedurePhases.IsFinal(status.Phase))
        {
            kind.Count(procedure, status.Phase!);
        }

        var title = kind.TitleOf(source, procedure);
        foreach (var about in (ClusterObject?[])[source, instance])
        {
            if (about is not null)
            {
                Announce(about, title, status);
            }
        }
    }

    private void Announce(ClusterObject about, string title, TStatus status)
    {
        switch (status.Phase)
        {
            case ProcedurePhases.Running:
                events.Record(about, EventSeverity.Normal, kind.Events.Started, kind.Events.Action, $"{title} began: {status.Message}");
                break;
            case ProcedurePhases.Succeeded or ProcedurePhases.Completed:
                events.Record(about, EventSeverity.Normal, kind.Events.Succeeded, kind.Events.Action, $"{title}: {status.Message}");
                break;
            case ProcedurePhases.Failed:
                events.Record(about, EventSeverity.Warning, kind.Events.Failed, kind.Events.Action, $"{title}: {status.Message}");
                break;
            default:
                break;
        }
    }
}
