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
/// Test restores of the newest set by <c>spec.backup.verification.schedule</c>. That one begins stands in the status before its Job is made, and what came of it before the Job goes. It needs no
/// turn: it reads the set and nothing else.
/// </summary>
internal sealed class VerificationHandler(IClusterApi api, ICaches caches, JobRunner jobs, ToolImages images, IEventRecorder events, TimeProvider time)
{
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <summary>Writes the status of a backup.</summary>
    /// <param name="source">The backup as it was read, live.</param>
    /// <param name="previous">Its status.</param>
    /// <param name="status">Its status as it shall be.</param>
    internal delegate ValueTask<ClusterObject?> Write(ClusterObject source, BackupStatus previous, BackupStatus status);

    /// <summary>Name of the Job that must stay although the backup has ended; null: none.</summary>
    public static bool IsJobOf(BackupStatus? status, ClusterObject backup, string name) =>
        status?.LastVerification is { Result: VerificationPlan.Running } run
        && BackupFacts.Time(run.Tick) is { } tick
        && Enumerable.Range(1, BackupStages.MostAttempts).Any(attempt => BackupJobs.NameOf(backup, VerificationPlan.JobSuffix(tick, attempt)) == name);

    /// <summary>One look, and what is due.</summary>
    /// <param name="source">The backup as the cache has it; completed.</param>
    /// <param name="write">The writer of its status.</param>
    /// <param name="statusOf">Reads a status.</param>
    /// <param name="ct">Cancellation.</param>
    public async ValueTask<ReconcileResult> ExecuteAsync(ClusterObject source, Write write, Func<ClusterObject, BackupStatus?> statusOf, CancellationToken ct)
    {
        var cached = Decide(source);
        if (cached is VerificationPlan.Rest)
        {
            return ReconcileResult.Done;
        }

        if (cached is VerificationPlan.Wait(var next))
        {
            return ReconcileResult.CheckAfter(next - time.GetUtcNow());
        }

        if (await api.GetAsync(source.Type, source.Key, ct) is not { IsTerminating: false } live || live.Uid != source.Uid || statusOf(live) is not { SetId: not null, Location: not null } status)
        {
            return ReconcileResult.Done;
        }

        switch (Decide(live))
        {
            case VerificationPlan.Begin(var tick):
                var began = status with
                {
                    LastVerification = new BackupVerificationRun { Tick = BackupReport.Text(tick), StartedAt = BackupReport.Text(time.GetUtcNow()), Result = VerificationPlan.Running },
                };
                return await write(live, status, began) is { } written ? await ContinueAsync(written, began, tick, write, ct) : ReconcileResult.Done;
            case VerificationPlan.Continue(_, var tick):
                return await ContinueAsync(live, status, tick, write, ct);
            default:
                return ReconcileResult.CheckAfter(TimeSpan.FromSeconds(1));
        }
    }

    private VerificationPlan Decide(ClusterObject source)
    {
        if (BackupFacts.Of(source) is not { } own || ProcedureReader.InstanceOf(source) is not { } name)
        {
            return new VerificationPlan.Rest();
        }

        var key = new ObjectKey(source.Key.Namespace, name);
        var policy = Instance(key)?.Spec.Backup;
        BackupSchedule? schedule = null;
        if (policy is not null && !BackupSchedule.TryReadVerification(policy, out schedule, out _))
        {
            schedule = null;
        }

        // One that runs is gone on with, whatever the others are.
        var all = schedule is null ? [] : BackupFacts.Of(name, caches[Kinds.Backup].List(source.Key.Namespace).Select(other => other.Uid == source.Uid ? source : other));
        return VerificationPlan.Decide(own, all, schedule, time.GetUtcNow());
    }

    private async ValueTask<ReconcileResult> ContinueAsync(ClusterObject backup, BackupStatus status, DateTimeOffset tick, Write write, CancellationToken ct)
    {
        var name = ProcedureReader.InstanceOf(backup)!;
        var instance = Instance(new ObjectKey(backup.Key.Namespace, name));
        for (var attempt = 1; attempt <= BackupStages.MostAttempts; attempt++)
        {
            var job = await JobAsync(backup, status, name, instance, VerificationPlan.JobSuffix(tick, attempt), ct);
            if (job is null)
            {
                return await EndAsync(backup, status, VerificationPlan.Failed, $"PersistentVolumeClaim {status.Location!.Claim} of the sets does not exist any more.", null, write);
            }

            switch (await jobs.RunAsync(job, null, ct))
            {
                case JobState.Succeeded({ Verified: { } verified, Manifest: { } manifest }, _) when manifest.SetId == status.SetId:
                    return await EndAsync(backup, status, VerificationPlan.Succeeded, $"Restored for a test in {verified.RestoreSeconds} seconds with {verified.Rows} rows.", BackupPlan.VerifiedOf(verified, time.GetUtcNow()), write);
                case JobState.Succeeded:
                    return await EndAsync(backup, status, VerificationPlan.Failed, "The Job ended well, but reported no test restore of this set. See that nothing else writes to the volume of the sets.", null, write);
                case JobState.Failed(var result):
                    return await EndAsync(backup, status, VerificationPlan.Failed, $"{result.Reason}: {result.Message}", null, write);
                case JobState.Foreign(var message):
                    return await EndAsync(backup, status, VerificationPlan.Failed, message, null, write);
                case JobState.DeadlineExceeded:
                    return await EndAsync(backup, status, VerificationPlan.Failed, "Not done within spec.backup.deadline of the instance. Give it more time, or see in the events of its pod what it waited for.", null, write);
                case JobState.Lost(var message) when attempt == BackupStages.MostAttempts:
                    return await EndAsync(backup, status, VerificationPlan.Failed, $"{message} It was the last of {BackupStages.MostAttempts} Jobs whose pod was lost.", null, write);
                case JobState.Lost:
                    continue;
                default:
                    return ReconcileResult.CheckAfter(Look);
            }
        }

        return ReconcileResult.CheckAfter(Look);
    }

    private async ValueTask<ToolJob?> JobAsync(ClusterObject backup, BackupStatus status, string name, FamilyAssistantInstance? instance, string suffix, CancellationToken ct)
    {
        if (await api.GetAsync(ResourceTypes.PersistentVolumeClaim, new ObjectKey(backup.Key.Namespace, status.Location!.Claim), ct) is not { } claim)
        {
            return null;
        }

        var image = instance?.Spec.Database.Managed is { } managed ? managed.Image
            : ToolImages.MajorOf(status.ServerVersion) is { } major ? images.Of(major) : images.Any(instance?.Spec.Database);
        var reference = instance?.Spec.Backup?.Encryption?.PassphraseSecretRef;
        var opens = reference is not null
            && status.Parts?.Any(part => part.Name == BackupPart.Secrets) == true
            && DataOf.Secret(await api.GetAsync(ResourceTypes.Secret, new ObjectKey(backup.Key.Namespace, reference.Name), ct))?.ContainsKey(reference.Key) == true;
        var deadline = Duration.Parse(instance?.Spec.Backup?.Deadline ?? "6h");
        return BackupJobs.Verify(backup, status, name, instance?.Spec, suffix, image, opens, BackupNeeds.IsOnOneNode(claim.Read<V1PersistentVolumeClaim>()), deadline);
    }

    private async ValueTask<ReconcileResult> EndAsync(ClusterObject backup, BackupStatus status, string result, string message, BackupVerified? verified, Write write)
    {
        var ended = status with
        {
            Verified = verified ?? status.Verified,
            LastVerification = status.LastVerification! with { FinishedAt = BackupReport.Text(time.GetUtcNow()), Result = result, Message = message.Length <= 4096 ? message : message[..4096] },
        };
        if (await write(backup, status, ended) is not null && verified is not null)
        {
            events.Record(backup, EventSeverity.Normal, EventReasons.BackupVerified, "Verify", $"Set {status.SetId}: {message}");
        }
        else if (verified is null)
        {
            events.Record(backup, EventSeverity.Warning, EventReasons.BackupVerificationFailed, "Verify", $"Set {status.SetId}: {message}");
        }

        // The Job goes in the next pass, and the next tick is waited for there.
        return ReconcileResult.CheckAfter(TimeSpan.FromSeconds(1));
    }

    private FamilyAssistantInstance? Instance(ObjectKey key) => caches[Kinds.Instance].Get(key) is { } source ? InstanceReader.Read(source) : null;
}
