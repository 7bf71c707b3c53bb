using System.Diagnostics;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Backups;

/// <summary>
/// Makes one set. Without a stage it looks what is missing; with one it runs the Job of that stage, and what the Job reported is in the status before the Job goes. A Job that vanished before
/// anybody had read its result is made again under the same name, and finds the set.
/// </summary>
internal sealed class BackupHandler(IClusterApi api, JobRunner jobs, ToolImages images)
{
    private const string IncludeEvidence = "include";
    private const string DeadlineEvidence = "deadline";

    /// <summary>One look and, with a stage, its Job.</summary>
    public async ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantBackup> pass, CancellationToken ct)
    {
        if (pass.Stage is null)
        {
            return await AnnounceAsync(pass, ct);
        }

        var stage = BackupStages.Of(pass.Stage);
        if (pass.Procedure.Spec.DeletionPolicy == DeletionPolicy.Delete && !BackupFinalizer.IsOn(pass.Source))
        {
            // Before there is anything that would have to be deleted.
            _ = await api.MergePatchAsync(pass.Source, BackupFinalizer.Add(pass.Source), ct);
            return new ProcedureOutcome.Working(pass.Stage, pass.Status!.Message ?? "") { CheckAfter = TimeSpan.FromSeconds(1) };
        }

        var progress = Progress(pass, stage, await jobs.LookAsync(pass.Source, BackupJobs.NameOf(pass.Source, stage.JobSuffix), ct));
        return BackupPlan.Decide(progress) switch
        {
            BackupPlan.Answer(var outcome) => outcome,
            BackupPlan.Start => await StartAsync(pass, progress, ct),
            _ => throw new UnreachableException(),
        };
    }

    private async ValueTask<ProcedureOutcome> AnnounceAsync(ProcedurePass<FamilyAssistantBackup> pass, CancellationToken ct)
    {
        var needs = await GatherAsync(pass, pass.Procedure.Spec.Include ?? pass.Instance.Spec.Backup?.Include ?? [], ct);
        if (needs.Obstacle() is { } obstacle)
        {
            return obstacle;
        }

        var policy = needs.Spec.Backup!;
        var setId = ObjectNames.BackupSet(ProcedureReader.Of(pass.Source).Created, pass.Source.Uid);
        return new ProcedureOutcome.Working(BackupStages.Making, $"Set {setId} is being made ({string.Join(", ", needs.Include)}).")
        {
            Before = new Dictionary<string, string> { [IncludeEvidence] = string.Join(' ', needs.Include), [DeadlineEvidence] = pass.Procedure.Spec.Deadline ?? policy.Deadline },
            Report = status => ((BackupStatus)status) with
            {
                SetId = setId,
                Location = new BackupLocation { Claim = BackupNeeds.SetClaimOf(needs.Instance, policy), Path = $"{needs.Instance}/{setId}" },
                Attempts = 1,
            },
        };
    }

    private async ValueTask<ProcedureOutcome> StartAsync(ProcedurePass<FamilyAssistantBackup> pass, BackupProgress progress, CancellationToken ct)
    {
        var needs = await GatherAsync(pass, progress.Include, ct);
        switch (needs.Obstacle())
        {
            case ProcedureOutcome.Failed failed:
                return failed;
            case { } missing:
                return new ProcedureOutcome.Working(progress.Stage.Word, missing.Message) { CheckAfter = BackupPlan.Started(progress).CheckAfter };
            default:
                break;
        }

        if (progress.Stage.Work == BackupStages.Verifying)
        {
            var status = (BackupStatus)pass.Status!;
            var verify = BackupJobs.Verify(
                pass.Source, status, needs.Instance, needs.Spec, progress.Stage.JobSuffix, needs.Image ?? images.Any(needs.Spec.Database), needs.Has(BackupPart.Secrets), BackupNeeds.IsOnOneNode(needs.SetClaim), progress.Left);
            return await RunAsync(verify, null, progress, ct);
        }

        var configMaps = needs.Has(BackupPart.Configuration) ? await ReadAsync(pass, ResourceTypes.ConfigMap, BackupInput.ConfigMaps(needs.Spec), ct) : [];
        var secrets = await ReadAsync(pass, ResourceTypes.Secret, BackupInput.Secrets(needs.Instance, needs.Spec), ct);
        var input = BackupInput.Of(progress.SetId, ProcedureReader.Of(pass.Source).Created, progress.Include, pass.InstanceSource, pass.Instance, configMaps, secrets);
        return BackupInput.TooLarge(input, [.. configMaps, .. needs.Has(BackupPart.Secrets) ? secrets : []]) is { } tooLarge
            ? new ProcedureOutcome.Failed(BackupReasons.InputTooLarge, tooLarge)
            : await RunAsync(BackupJobs.Make(pass.Source, needs, progress.SetId, progress.Stage, progress.Left), input, progress, ct);
    }

    private async ValueTask<ProcedureOutcome> RunAsync(ToolJob job, IReadOnlyDictionary<string, byte[]>? input, BackupProgress progress, CancellationToken ct) =>
        await jobs.RunAsync(job, input, ct) is JobState.Foreign(var message)
            ? new ProcedureOutcome.Failed(BackupReasons.NameConflict, message)
            : BackupPlan.Started(progress);

    private static BackupProgress Progress(ProcedurePass<FamilyAssistantBackup> pass, BackupStages stage, JobState job)
    {
        var status = (BackupStatus)pass.Status!;
        var deadline = Duration.Parse(pass.Before.GetValueOrDefault(DeadlineEvidence) ?? "6h");
        return new BackupProgress
        {
            Instance = pass.InstanceName,
            SetId = status.SetId ?? "",
            Include = [.. (pass.Before.GetValueOrDefault(IncludeEvidence) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(Enum.Parse<BackupPart>)],
            Restores = pass.Procedure.Spec.Verify == BackupVerification.Restore,
            Stage = stage,
            Job = job,
            Deadline = deadline,
            Left = BackupFacts.Time(status.StartedAt) is { } began ? began + deadline - pass.Now : deadline,
            LastSeen = status.Message ?? "",
            Now = pass.Now,
        };
    }

    /// <summary>Everything live: a backup is rare, and what it depends on may have been written a moment ago.</summary>
    private async ValueTask<BackupNeeds> GatherAsync(ProcedurePass<FamilyAssistantBackup> pass, IReadOnlyList<BackupPart> include, CancellationToken ct)
    {
        var (name, spec, policy) = (pass.InstanceName, pass.Instance.Spec, pass.Instance.Spec.Backup);
        var pods = include.Contains(BackupPart.Files)
            ? await api.ListAsync(ResourceTypes.Pod, pass.Namespace, $"{WireNames.InstanceLabel}={name},{WireNames.ComponentLabel}={Components.App}", ct)
            : [];
        var passphrase = include.Contains(BackupPart.Secrets) ? policy?.Encryption?.PassphraseSecretRef.Name : null;
        return new BackupNeeds
        {
            Instance = name,
            Spec = spec,
            Status = pass.Instance.Status,
            Include = include,
            SetClaim = policy is null ? null : Claim(await ReadOneAsync(pass, ResourceTypes.PersistentVolumeClaim, BackupNeeds.SetClaimOf(name, policy), ct)),
            DataClaim = include.Contains(BackupPart.Files) ? Claim(await ReadOneAsync(pass, ResourceTypes.PersistentVolumeClaim, BackupNeeds.DataClaimOf(name, spec), ct)) : null,
            Generated = await ReadOneAsync(pass, ResourceTypes.Secret, ObjectNames.GeneratedSecret(name), ct),
            PassphraseSecret = passphrase is null ? null : await ReadOneAsync(pass, ResourceTypes.Secret, passphrase, ct),
            HasPods = pods.Count > 0,
            Image = include.Contains(BackupPart.Database) ? images.Of(spec.Database, pass.Instance.Status?.Database?.ServerVersion) : images.Any(spec.Database),
        };
    }

    private async ValueTask<List<ClusterObject>> ReadAsync(ProcedurePass<FamilyAssistantBackup> pass, ResourceType type, IReadOnlyList<string> names, CancellationToken ct)
    {
        var found = new List<ClusterObject>();
        foreach (var name in names)
        {
            if (await ReadOneAsync(pass, type, name, ct) is { } one)
            {
                found.Add(one);
            }
        }

        return found;
    }

    private Task<ClusterObject?> ReadOneAsync(ProcedurePass<FamilyAssistantBackup> pass, ResourceType type, string name, CancellationToken ct) => api.GetAsync(type, new ObjectKey(pass.Namespace, name), ct);

    private static V1PersistentVolumeClaim? Claim(ClusterObject? source) => source?.Read<V1PersistentVolumeClaim>();
}
