using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <content>The end of Jobs, and of the restore.</content>
internal sealed partial class RestoreHandler
{
    /// <summary>
    /// A restore that has ended, in whatever way: its Jobs are ended and their pods waited for, Jobs and Secrets that it made go, then its finalizer. What is finished holds volumes as long as its
    /// pod is there, and no claim can be deleted under it. Requests only where the finalizer or the cache says that something is left.
    /// </summary>
    public async ValueTask<ReconcileResult> AfterEndAsync(ClusterObject source, CancellationToken ct)
    {
        var stays = Stays(source);
        if (!FinalizersOf(source).Contains(WireNames.RestoreFinalizer) && caches[ResourceTypes.Job].ListControlledBy(source.Uid).All(job => stays(job.Key.Name)))
        {
            return ReconcileResult.Done;
        }

        if (await UnfinishedAsync(source, _ => true, ct) is { Count: > 0 } unfinished)
        {
            await DeleteJobsAsync(unfinished, ct);
            return ReconcileResult.CheckAfter(Soon);
        }

        await DeleteOwnAsync(source, ResourceTypes.Job, name => !stays(name), ct);
        await DeleteOwnAsync(source, ResourceTypes.Secret, _ => true, ct);
        if (await api.GetAsync(source.Type, source.Key, ct) is { } live && live.Uid == source.Uid && FinalizersOf(live).Contains(WireNames.RestoreFinalizer))
        {
            await api.MergePatchAsync(live, FinalizerPatch(FinalizersOf(live).Where(name => name != WireNames.RestoreFinalizer)), ct);
        }

        return ReconcileResult.Done;
    }

    /// <summary>The migration runs the application's image, whose log nobody can retell: after its failure its Job stays with the restore. It holds no volume.</summary>
    private static Func<string, bool> Stays(ClusterObject restore) =>
        ProcedureReader.Of(restore).Reason == RestoreReasons.MigrationFailed ? NamesOf(restore, [RestoreTool.Migrate]).Contains : _ => false;

    private async ValueTask DeleteOwnAsync(ClusterObject restore, ResourceType type, Func<string, bool> isMeant, CancellationToken ct)
    {
        foreach (var found in await api.ListAsync(type, restore.Key.Namespace, $"{WireNames.ProcedureLabel}={restore.Key.Name}", ct))
        {
            if (found.ControllerUid == restore.Uid && !found.IsTerminating && isMeant(found.Key.Name))
            {
                await api.DeleteAsync(found, ct);
            }
        }
    }

    private async ValueTask<string?> BusyAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct) =>
        await UnfinishedAsync(pass.Source, IsForward(pass.Source), ct) is { Count: > 0 } busy ? $"Waits for the end of {string.Join(", ", busy.Select(found => $"{found.Type.Kind} {found.Key.Name}"))}." : null;

    private async ValueTask<ProcedureOutcome> EndJobsAsync(ProcedurePass<FamilyAssistantRestore> pass, string message, CancellationToken ct)
    {
        await DeleteJobsAsync(await UnfinishedAsync(pass.Source, IsForward(pass.Source), ct), ct);
        return new ProcedureOutcome.Working(pass.Stage!, message) { CheckAfter = Soon };
    }

    /// <summary>Jobs that have not ended, and pods of whatever Job that still run.</summary>
    private async ValueTask<List<ClusterObject>> UnfinishedAsync(ClusterObject restore, Func<string, bool> isMeant, CancellationToken ct)
    {
        var selector = $"{WireNames.ProcedureLabel}={restore.Key.Name}";
        List<ClusterObject> found = [];
        foreach (var job in await api.ListAsync(ResourceTypes.Job, restore.Key.Namespace, selector, ct))
        {
            if (job.ControllerUid == restore.Uid && isMeant(job.Key.Name) && !HasEnded(job))
            {
                found.Add(job);
            }
        }

        foreach (var pod in await api.ListAsync(ResourceTypes.Pod, restore.Key.Namespace, selector, ct))
        {
            if (pod.Labels.GetValueOrDefault("job-name") is { } job && isMeant(job) && pod.Read<V1Pod>().Status?.Phase is not ("Succeeded" or "Failed"))
            {
                found.Add(pod);
            }
        }

        return found;
    }

    /// <summary>Their pods go with them.</summary>
    private async ValueTask DeleteJobsAsync(IEnumerable<ClusterObject> unfinished, CancellationToken ct)
    {
        foreach (var job in unfinished.Where(found => found.Type == ResourceTypes.Job && !found.IsTerminating))
        {
            await api.DeleteAsync(job, ct);
        }
    }

    private static bool HasEnded(ClusterObject job) => job.Read<V1Job>().Status?.Conditions?.Any(condition => condition is { Type: "Complete" or "Failed", Status: "True" }) == true;

    private static Func<string, bool> IsForward(ClusterObject restore) => NamesOf(restore, RestoreTools.Forward).Contains;

    /// <summary>By the names, which are this restore's own; another restore of the same name before it had another UID.</summary>
    private static HashSet<string> NamesOf(ClusterObject restore, IEnumerable<RestoreTool> tools) =>
        tools.SelectMany(tool => Enumerable.Range(1, MostLost).Select(attempt => RestoreJobs.NameOf(restore, tool, attempt))).ToHashSet(StringComparer.Ordinal);
}
