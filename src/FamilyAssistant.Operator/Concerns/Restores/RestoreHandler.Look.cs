using System.Globalization;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <content>What is looked at.</content>
internal sealed partial class RestoreHandler
{
    /// <summary>Jobs for the same work when pods are lost.</summary>
    private const int MostLost = 3;

    /// <summary>Jobs for putting back, whatever they ended with: until then the pauses between them are about eight minutes together.</summary>
    private const int MostPutBacks = 6;

    private static readonly TimeSpan FirstPause = TimeSpan.FromSeconds(15);

    private static int MostAttempts(RestoreTool tool) => RestoreTools.PutsBack(tool) ? MostPutBacks : MostLost;

    private async ValueTask<RestorePicture> LookAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct)
    {
        var spec = pass.Procedure.Spec;
        var status = pass.Status as RestoreStatus;
        var workload = pass.HasInstance ? await WorkloadReader.ReadAsync(api, pass, ct) : null;
        var late = LeftOf(pass) <= TimeSpan.Zero
            ? new ProcedureOutcome.Failed(ProcedureReasons.DeadlineExceeded, $"Not done within {spec.Deadline} (spec.deadline). Last seen: {pass.Status?.Message}")
            : null;
        var safety = pass.Stage == RestoreStages.SafetyBackup ? await SafetyAsync(pass, ct) : new SafetyState.Absent();
        Dictionary<RestoreTool, ToolState> tools = [];
        var picture = new RestorePicture
        {
            Name = pass.Source.Key.Name,
            InstanceName = pass.InstanceName,
            Spec = spec,
            Stage = pass.Stage,
            Before = pass.Before,
            Set = status?.Set,
            SafetyName = safety is SafetyState.Absent ? status?.SafetyBackup : SafetyNameOf(pass.Source),
            Now = pass.Now,
            Ended = pass.Cancelled ?? late,
            Origin = pass.Stage is null ? await OriginAsync(pass, ct) : null,
            Workload = workload,
            HasOldFiles = pass.Stage is null && await HasOldFilesAsync(pass, ct),
            IsInstanceTerminating = pass.HasInstance && pass.InstanceSource.IsTerminating,
            DatabaseObstacle = pass.HasInstance ? DatabaseObstacle(pass.Instance) : null,
            HasBackupPolicy = pass.HasInstance && pass.Instance.Spec.Backup is not null,
            Revision = pass.HasInstance ? pass.Instance.Status?.Database?.Revision : null,
            Safety = safety,
            Busy = pass.Stage == RestoreStages.PuttingBack ? await BusyAsync(pass, ct) : null,
            Tool = tool => tools.GetValueOrDefault(tool) ?? new ToolState.Absent(),
        };
        foreach (var tool in ToolsOf(picture))
        {
            tools[tool] = await LookAsync(pass, tool, ct);
        }

        return pass.Stage == RestoreStages.Validating && pass.HasInstance && picture.Tool(RestoreTool.Inspect) is ToolState.Succeeded { Result.Manifest: { } manifest }
            ? picture with { DifferentKeys = await DifferentKeysAsync(pass, manifest, pass.Instance.Spec.SecretRef?.Name, ct) }
            : picture;
    }

    /// <summary>The Jobs that the stage is about.</summary>
    private static RestoreTool[] ToolsOf(RestorePicture picture) => picture.Stage switch
    {
        RestoreStages.Validating => [RestoreTool.Inspect],
        RestoreStages.PuttingObjects => [RestoreTool.OpenParts],
        RestoreStages.Stopping when picture.HadData is null => [RestoreTool.Examine],
        RestoreStages.RestoringDatabase => [RestoreTool.RestoreDatabase],
        RestoreStages.RestoringFiles => [RestoreTool.RestoreFiles],
        RestoreStages.Migrating => [RestoreTool.Migrate],
        RestoreStages.Checking => [RestoreTool.Compare],
        RestoreStages.CleaningUp => [RestoreTool.CleanUp],
        RestoreStages.PuttingBack => [RestoreTool.SwapBack, RestoreTool.RestoreSafety, RestoreTool.CleanUpSafety, RestoreTool.PutBackFiles],
        _ => [],
    };

    private async ValueTask<ToolState> LookAsync(ProcedurePass<FamilyAssistantRestore> pass, RestoreTool tool, CancellationToken ct)
    {
        ToolState last = new ToolState.Absent();
        for (var attempt = 1; attempt <= MostAttempts(tool); attempt++)
        {
            var name = RestoreJobs.NameOf(pass.Source, tool, attempt);
            var key = new ObjectKey(pass.Namespace, name);
            var state = await jobs.LookAsync(pass.Source, name, ct);
            switch (state)
            {
                case JobState.Missing:
                    return attempt > 1 && last is ToolState.Failed failed && await PauseAsync(pass, tool, attempt - 1, ct) is { } pause
                        ? new ToolState.Running($"{failed.Message} It is tried again.") { CheckAfter = pause }
                        : new ToolState.Absent();
                case JobState.Foreign foreign:
                    return new ToolState.Failed(CommonReasons.NameConflict, foreign.Message);
                case JobState.Running(var problem) when tool != RestoreTool.Migrate || problem is not null:
                    return new ToolState.Running(problem?.Message ?? $"Job {name} works.") { CheckAfter = Look };
                case JobState.Succeeded(var result, _):
                    return new ToolState.Succeeded(result);
                case JobState.Failed(var result):
                    last = new ToolState.Failed(result.Reason!, result.Message!);
                    break;
                case JobState.DeadlineExceeded:
                    last = new ToolState.Failed(ProcedureReasons.DeadlineExceeded, $"Job {name} was not done in time.");
                    break;
                case JobState.Running or JobState.Lost when tool == RestoreTool.Migrate:
                    if (await MigrationAsync(key, ct) is { } migration)
                    {
                        return migration;
                    }

                    last = new ToolState.Failed(RestoreReasons.JobLost, $"Job {name} lost its pod.");
                    continue;
                case JobState.Lost(var message):
                    last = new ToolState.Failed(RestoreReasons.JobLost, $"Job {name}: {message}");
                    continue;
                default:
                    throw new System.Diagnostics.UnreachableException();
            }

            if (!RestoreTools.PutsBack(tool))
            {
                return last;
            }
        }

        return last;
    }

    private async ValueTask<ToolState?> MigrationAsync(ObjectKey job, CancellationToken ct) => await api.GetAsync(ResourceTypes.Job, job, ct) is { } found
        ? MigrationJob.Of(found, await api.ListAsync(ResourceTypes.Pod, job.Namespace, $"job-name={job.Name}", ct))
        : new ToolState.Absent();

    /// <summary>What is left of the pause after an attempt to put back; null: nothing, or none is needed.</summary>
    private async ValueTask<TimeSpan?> PauseAsync(ProcedurePass<FamilyAssistantRestore> pass, RestoreTool tool, int attempt, CancellationToken ct)
    {
        if (!RestoreTools.PutsBack(tool) || await api.GetAsync(ResourceTypes.Job, new ObjectKey(pass.Namespace, RestoreJobs.NameOf(pass.Source, tool, attempt)), ct) is not { } job)
        {
            return null;
        }

        var began = job.Read<V1Job>().Metadata.CreationTimestamp ?? pass.Now.UtcDateTime;
        var left = began + (FirstPause * Math.Pow(2, attempt - 1)) - pass.Now.UtcDateTime;
        return left > TimeSpan.Zero ? left : null;
    }

    private async ValueTask<RestoreOrigin> OriginAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct)
    {
        var spec = pass.Procedure.Spec;
        if (spec.Parts.Contains(BackupPart.Secrets) && await PassphraseObstacleAsync(pass, ct) is { } obstacle)
        {
            return obstacle;
        }

        var origin = spec.Source.BackupRef is { } reference
            ? RestoreSources.OfBackup(reference.Name, pass.InstanceName, await BackupAsync(pass.Namespace, reference.Name, ct))
            : new RestoreOrigin.Found(spec.Source.Volume!.ClaimName, spec.Source.Volume.InstanceName ?? pass.InstanceName, spec.Source.Volume.SetId);
        return origin is RestoreOrigin.Found found && await api.GetAsync(ResourceTypes.PersistentVolumeClaim, new ObjectKey(pass.Namespace, found.Claim), ct) is null
            ? new RestoreOrigin.Refused(RestoreReasons.ClaimNotFound, $"PersistentVolumeClaim {found.Claim} of the set does not exist in this namespace. Create it for the volume with the sets, and create another restore.")
            : origin;
    }

    /// <summary>Whether the data volume was there before the instance: then it holds the files of an earlier one, or somebody's.</summary>
    private async ValueTask<bool> HasOldFilesAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct)
    {
        var name = (pass.HasInstance ? pass.Instance.Spec.Storage.ExistingClaim : null) ?? ObjectNames.DataClaim(pass.InstanceName);
        return await api.GetAsync(ResourceTypes.PersistentVolumeClaim, new ObjectKey(pass.Namespace, name), ct) is { } source
            && source.Read<V1PersistentVolumeClaim>() is { Status.Phase: "Bound" } claim
            && (!pass.HasInstance || claim.Metadata.CreationTimestamp < pass.Instance.Metadata.CreationTimestamp);
    }

    private async ValueTask<RestoreOrigin.Refused?> PassphraseObstacleAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct)
    {
        if (RestoreJobs.PassphraseOf(pass.Procedure.Spec, pass.HasInstance ? pass.Instance.Spec : null) is not { } reference)
        {
            return new RestoreOrigin.Refused(RestoreReasons.PassphraseNotNamed, "The part Secrets needs its passphrase: name the Secret in spec.passphraseSecretRef of another restore.");
        }

        var data = DataOf.Secret(await api.GetAsync(ResourceTypes.Secret, new ObjectKey(pass.Namespace, reference.Name), ct));
        return DataOf.ValueOf(data, reference.Key) is { Length: > 0 }
            ? null
            : new RestoreOrigin.Refused(ToolReasons.PassphraseMissing, $"Secret {reference.Name} has no key {reference.Key} with the passphrase, or does not exist. Create it, and create another restore.");
    }

    private async ValueTask<FamilyAssistantBackup?> BackupAsync(string @namespace, string name, CancellationToken ct) =>
        (await api.GetAsync(Kinds.Backup, new ObjectKey(@namespace, name), ct))?.Read(ApiJsonContext.Default.FamilyAssistantBackup);

    private async ValueTask<SafetyState> SafetyAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct)
    {
        var name = SafetyNameOf(pass.Source);
        var source = await api.GetAsync(Kinds.Backup, new ObjectKey(pass.Namespace, name), ct);
        return RestoreSources.SafetyOf(name, pass.Source.Uid, source, source?.Read(ApiJsonContext.Default.FamilyAssistantBackup).Status);
    }

    private async ValueTask<RestoreOrigin.Found?> SafetyOriginAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct) =>
        await BackupAsync(pass.Namespace, SafetyNameOf(pass.Source), ct) is { Status: { SetId: { } set, Location: { } location } } ? new RestoreOrigin.Found(location.Claim, pass.InstanceName, set) : null;

    private async ValueTask<IReadOnlyList<string>> DifferentKeysAsync(ProcedurePass<FamilyAssistantRestore> pass, SetManifest manifest, string? ownName, CancellationToken ct)
    {
        var own = ownName is null ? null : DataOf.Secret(await api.GetAsync(ResourceTypes.Secret, new ObjectKey(pass.Namespace, ownName), ct));
        var generated = DataOf.Secret(await api.GetAsync(ResourceTypes.Secret, new ObjectKey(pass.Namespace, ObjectNames.GeneratedSecret(pass.InstanceName)), ct));

        // Generated keys come from the set then; only those of people's own Secret stay.
        var stays = pass.Procedure.Spec.Parts.Contains(BackupPart.Secrets) ? null : generated;
        return
        [
            .. KeyFingerprints.Different(manifest, name => KeysInForce.ValueOf(name, own, stays))
                .Where(name => stays is not null || !pass.Procedure.Spec.Parts.Contains(BackupPart.Secrets) || KeysInForce.ValueOf(name, own, stays) is not null),
        ];
    }

    private static string? DatabaseObstacle(FamilyAssistantInstance instance) =>
        instance.Status is { } status && status.ObservedGeneration == instance.Metadata.Generation
            ? status.Conditions.FirstOrDefault(condition => condition.Type == ConditionTypes.DatabaseReady) switch
            {
                { Status: "True" } => null,
                { } condition => $"Its condition DatabaseReady says {condition.Reason}: {condition.Message}",
                null => "The operator has not looked at it yet.",
            }
            : "The operator has not seen the instance's spec yet.";

    private static TimeSpan LeftOf(ProcedurePass<FamilyAssistantRestore> pass)
    {
        var limit = Duration.Parse(pass.Procedure.Spec.Deadline);
        return DateTimeOffset.TryParse(pass.Status?.StartedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var began) ? began + limit - pass.Now : limit;
    }
}
