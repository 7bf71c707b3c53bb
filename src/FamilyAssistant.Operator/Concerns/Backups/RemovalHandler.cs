using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Runtime.Events;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>
/// What is left to do about a backup that has ended: its Jobs and their inputs go when nothing is to be read from them any more; and of one that is being deleted under our finalizer the files
/// go first. Nothing is made in a namespace that is going away, and a volume that is not there holds nothing up.
/// </summary>
internal sealed class RemovalHandler(IClusterApi api, ICaches caches, JobRunner jobs, ToolImages images, IEventRecorder events, TimeProvider time)
{
    private const string Suffix = "delete";

    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Pause = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Deadline = TimeSpan.FromHours(1);

    /// <summary>Removes what is left of its Jobs but for those that <paramref name="keep"/> names. Requests only where the caches know of something. True: nothing is left.</summary>
    public async ValueTask<bool> CleanUpAsync(ClusterObject backup, Func<string, bool> keep, CancellationToken ct)
    {
        var clean = true;
        var names = caches[ResourceTypes.Job].ListControlledBy(backup.Uid).Concat(caches[ResourceTypes.Secret].ListControlledBy(backup.Uid)).Select(found => found.Key.Name).Distinct(StringComparer.Ordinal);
        foreach (var name in names.Where(name => !keep(name)).ToList())
        {
            clean &= await jobs.RemoveAsync(backup, name, ct);
        }

        return clean;
    }

    /// <summary>A pass over a backup that is being deleted.</summary>
    public async ValueTask<ReconcileResult> ExecuteAsync(ClusterObject cached, Func<ClusterObject, BackupStatus?> statusOf, CancellationToken ct)
    {
        if (!BackupFinalizer.IsOn(cached) || await api.GetAsync(cached.Type, cached.Key, ct) is not { IsTerminating: true } backup || backup.Uid != cached.Uid || !BackupFinalizer.IsOn(backup))
        {
            return ReconcileResult.Done;
        }

        var delete = BackupJobs.NameOf(backup, Suffix);
        if (!await CleanUpAsync(backup, name => name == delete, ct))
        {
            return ReconcileResult.CheckAfter(Look);
        }

        if (BackupFacts.Of(backup) is not { } facts
            || ProcedureReader.InstanceOf(backup) is not { } instance
            || statusOf(backup) is not { SetId: not null, Location: { } location } status
            || (facts.Expired is null && backup.Read(ApiJsonContext.Default.FamilyAssistantBackup).Spec.DeletionPolicy != DeletionPolicy.Delete))
        {
            return await ReleaseAsync(backup, ct);
        }

        if (await api.GetAsync(ResourceTypes.PersistentVolumeClaim, new ObjectKey(backup.Key.Namespace, location.Claim), ct) is not { } claim)
        {
            events.Record(backup, EventSeverity.Warning, EventReasons.BackupFilesLeft, "Delete", $"PersistentVolumeClaim {location.Claim} does not exist any more, so the files of set {status.SetId} are not deleted.");
            return await ReleaseAsync(backup, ct);
        }

        try
        {
            return await DeleteAsync(backup, status, instance, claim, ct);
        }
        catch (ClusterApiException refusal) when (refusal.IsNamespaceTerminating)
        {
            return await ReleaseAsync(backup, ct);
        }
    }

    private async ValueTask<ReconcileResult> DeleteAsync(ClusterObject backup, BackupStatus status, string instance, ClusterObject claim, CancellationToken ct)
    {
        var spec = caches[Kinds.Instance].Get(new ObjectKey(backup.Key.Namespace, instance)) is { } source ? InstanceReader.Read(source)?.Spec : null;
        var all = BackupFacts.Of(instance, await api.ListAsync(Kinds.Backup, backup.Key.Namespace, null, ct)).Where(facts => facts.Name != backup.Key.Name).ToList();
        var job = BackupJobs.Delete(backup, status, instance, spec, images.Any(spec?.Database), Kept(all), BackupNeeds.IsOnOneNode(claim.Read<V1PersistentVolumeClaim>()), Deadline);
        switch (await jobs.RunAsync(job, null, ct))
        {
            case JobState.Succeeded(var result, _):
                events.Record(backup, EventSeverity.Normal, EventReasons.BackupFilesDeleted, "Delete", result.Deleted == true ? $"The files of set {status.SetId} are deleted." : $"There were no files of set {status.SetId}.");
                return await ReleaseAsync(backup, ct);
            case JobState.Failed(var result):
                return await LaterAsync(backup, job.Name, $"{result.Reason}: {result.Message}", ct);
            case JobState.Foreign(var message):
                return await LaterAsync(backup, null, message, ct);
            case JobState.Lost(var message):
                return await LaterAsync(backup, job.Name, message, ct);
            case JobState.DeadlineExceeded:
                return await LaterAsync(backup, job.Name, "Not done within an hour; see in the events of its pod what it waited for.", ct);
            default:
                return ReconcileResult.CheckAfter(TimeSpan.FromMinutes(1));
        }
    }

    /// <summary>The newest complete set and the one that was verified last, of those that remain.</summary>
    private static IEnumerable<string> Kept(List<BackupFacts> all)
    {
        var sets = all.Where(facts => facts is { IsCompleted: true, Deleting: null, Expired: null, SetId: not null }).ToList();
        return ((string?[])[VerificationPlan.Newest(sets)?.SetId, sets.Where(facts => facts.Verified is not null).MaxBy(facts => facts.Verified)?.SetId]).OfType<string>().Distinct(StringComparer.Ordinal);
    }

    /// <summary>
    /// Says on the object why it stays, where the health of the backups reads it. The Job that failed is left until the pause is over: its age is what everybody, also the next operator, knows the
    /// pause by, and what wakes this pass meanwhile (the end of a pod, the annotation itself) makes no other one.
    /// </summary>
    private async ValueTask<ReconcileResult> LaterAsync(ClusterObject backup, string? job, string message, CancellationToken ct)
    {
        if (backup.Annotations.GetValueOrDefault(WireNames.FilesLeftAnnotation) != message && await api.MergePatchAsync(backup, BackupsManifest.FilesLeft(message), ct) is not null)
        {
            events.Record(backup, EventSeverity.Warning, EventReasons.BackupFilesLeft, "Delete", $"The files cannot be deleted: {message} It is tried again every ten minutes; to let the object go and keep the files, remove its finalizer {WireNames.BackupFinalizer}.");
        }

        if (job is null || await api.GetAsync(ResourceTypes.Job, new ObjectKey(backup.Key.Namespace, job), ct) is not { } failed)
        {
            return ReconcileResult.CheckAfter(Pause);
        }

        var left = (failed.Read<V1Job>().Metadata.CreationTimestamp ?? DateTime.UnixEpoch) + Pause - time.GetUtcNow().UtcDateTime;
        if (left > TimeSpan.Zero)
        {
            return ReconcileResult.CheckAfter(left);
        }

        await jobs.RemoveAsync(backup, job, ct);
        return ReconcileResult.CheckAfter(Look);
    }

    private async ValueTask<ReconcileResult> ReleaseAsync(ClusterObject backup, CancellationToken ct) =>
        await api.MergePatchAsync(backup, BackupFinalizer.Remove(backup), ct) is null ? ReconcileResult.CheckAfter(TimeSpan.FromSeconds(1)) : ReconcileResult.Done;
}
