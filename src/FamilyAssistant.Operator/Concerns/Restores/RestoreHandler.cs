using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>
/// Runbook 8.3: looks at everything that matters in the stage, live; asks the plan; and does the one thing that it says. What is looked at is in <c>RestoreHandler.Look.cs</c>, the objects
/// and keys are in <c>RestoreHandler.Objects.cs</c>, the end in <c>RestoreHandler.End.cs</c>.
/// </summary>
internal sealed partial class RestoreHandler(IClusterApi api, ICaches caches, JobRunner jobs, ToolImages images)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    /// <summary>One look and at most one act.</summary>
    public async ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct)
    {
        if (pass.Stage is not null && !pass.Procedure.Spec.DryRun && !pass.Source.IsTerminating && !FinalizersOf(pass.Source).Contains(WireNames.RestoreFinalizer))
        {
            // Before the first act: from now on a deletion finds somebody who brings the instance back.
            await api.MergePatchAsync(pass.Source, FinalizerPatch([.. FinalizersOf(pass.Source), WireNames.RestoreFinalizer]), ct);
            return new ProcedureOutcome.Working(pass.Stage, pass.Status?.Message ?? "") { CheckAfter = Soon };
        }

        var picture = await LookAsync(pass, ct);
        var outcome = await ActAsync(pass, picture, RestorePlan.Decide(picture), ct);
        return outcome is ProcedureOutcome.Working working && !pass.Procedure.Spec.DryRun && LeftOf(pass) is var left && left > TimeSpan.Zero && (working.CheckAfter is not { } after || after > left)
            ? working with { CheckAfter = left + TimeSpan.FromSeconds(1) }
            : outcome;
    }

    private async ValueTask<ProcedureOutcome> ActAsync(ProcedurePass<FamilyAssistantRestore> pass, RestorePicture picture, RestorePlan plan, CancellationToken ct) => plan switch
    {
        RestorePlan.Answer(var outcome) => outcome,
        RestorePlan.Run(var tool, var message) => await RunAsync(pass, picture, tool, message, ct),
        RestorePlan.MakeSafety(var parts) => await MakeSafetyAsync(pass, parts, ct),
        RestorePlan.PutObjects(var next) => await PutObjectsAsync(pass, picture, next, ct),
        RestorePlan.ReplaceKeys(var next) => await ReplaceKeysAsync(pass, next, ct),
        RestorePlan.PutBackKeys(var next) => await PutBackKeysAsync(pass, next, ct),
        RestorePlan.EndJobs(var message) => await EndJobsAsync(pass, message, ct),
        RestorePlan.PauseInstance(var next) => await PauseAsync(pass, next, ct),
        _ => throw new System.Diagnostics.UnreachableException(),
    };

    private async ValueTask<ProcedureOutcome> RunAsync(ProcedurePass<FamilyAssistantRestore> pass, RestorePicture picture, RestoreTool tool, string message, CancellationToken ct)
    {
        var job = RestoreJobs.Of(await FactsAsync(pass, picture, tool, ct), tool, await AttemptAsync(pass, tool, ct));
        Dictionary<string, byte[]>? input = job.HasInput ? new() { [ToolEnvironment.SealKeyFile] = Encoding.ASCII.GetBytes(SealedParts.NewKey() + "\n") } : null;
        try
        {
            return await jobs.RunAsync(job, input, ct) is JobState.Foreign foreign
                ? new ProcedureOutcome.Waiting(CommonReasons.NameConflict, foreign.Message) { CheckAfter = Look }
                : new ProcedureOutcome.Working(pass.Stage!, message) { CheckAfter = Look };
        }
        catch (ClusterApiException refusal) when (refusal.IsNamespaceTerminating)
        {
            // Its finalizer must not hold the namespace.
            return new ProcedureOutcome.Failed(ProcedureReasons.InstanceTerminating, "The namespace is being deleted, so nothing can be put back. An external database may still have what was set aside: docs/restore.md says how to put it back by hand.");
        }
    }

    private async ValueTask<ProcedureOutcome> MakeSafetyAsync(ProcedurePass<FamilyAssistantRestore> pass, IReadOnlyList<BackupPart> parts, CancellationToken ct)
    {
        var name = SafetyNameOf(pass.Source);
        var backup = new JsonObject
        {
            ["apiVersion"] = Kinds.Backup.ApiVersion,
            ["kind"] = Kinds.Backup.Kind,
            ["metadata"] = new JsonObject
            {
                ["namespace"] = pass.Namespace,
                ["name"] = name,
                ["labels"] = new JsonObject { [WireNames.InstanceLabel] = pass.InstanceName, [WireNames.BackupOriginLabel] = WireNames.BackupOfRestore },
                ["annotations"] = new JsonObject { [WireNames.RestoreAnnotation] = pass.Source.Uid },
            },
            ["spec"] = new JsonObject
            {
                ["instanceRef"] = new JsonObject { ["name"] = pass.InstanceName },
                ["include"] = new JsonArray([.. parts.Select(part => (JsonNode?)JsonValue.Create(part.ToString()))]),
                ["verify"] = nameof(BackupVerification.Read),
            },
        };
        await api.CreateAsync(new Manifest(Kinds.Backup, new ObjectKey(pass.Namespace, name), Encoding.UTF8.GetBytes(backup.ToJsonString())), ct);
        return new ProcedureOutcome.Working(pass.Stage!, $"FamilyAssistantBackup {name} saves {string.Join(" and ", parts)} first.") { Report = RestoreReport.Safety(name), CheckAfter = Look };
    }

    /// <summary>The next attempt that has no Job.</summary>
    private async ValueTask<int> AttemptAsync(ProcedurePass<FamilyAssistantRestore> pass, RestoreTool tool, CancellationToken ct)
    {
        var attempt = 1;
        while (attempt < MostAttempts(tool) && await api.GetAsync(ResourceTypes.Job, new ObjectKey(pass.Namespace, RestoreJobs.NameOf(pass.Source, tool, attempt)), ct) is not null)
        {
            attempt++;
        }

        return attempt;
    }

    private async ValueTask<RestoreJobFacts> FactsAsync(ProcedurePass<FamilyAssistantRestore> pass, RestorePicture picture, RestoreTool tool, CancellationToken ct)
    {
        var spec = pass.HasInstance ? pass.Instance.Spec : null;
        var restore = pass.Procedure.Spec;
        var image = spec is null ? null : images.Of(spec.Database, pass.Instance.Status?.Database?.ServerVersion);
        var left = LeftOf(pass);
        return new RestoreJobFacts
        {
            Restore = pass.Source,
            InstanceName = pass.InstanceName,
            Spec = spec,
            Parts = restore.Parts,
            Origin = OriginIn(pass.Before),
            Safety = tool == RestoreTool.RestoreSafety ? await SafetyOriginAsync(pass, ct) : null,
            Database = spec is not null && restore.Parts.Contains(BackupPart.Database) ? DatabaseEndpoint.Of(pass.Namespace, pass.InstanceName, spec.Database) : null,
            Image = image ?? images.Any(spec?.Database),
            Passphrase = RestoreJobs.PassphraseOf(restore, spec),
            ReplaceData = restore.Source.BackupRef is not null || restore.ReplaceData,
            HadData = picture.HadData,
            IsNear = true,

            // What puts back may take as long as it takes; and what cleans up is nobody's hurry.
            Deadline = RestoreTools.PutsBack(tool) || tool == RestoreTool.CleanUp ? TimeSpan.FromHours(6) : left > TimeSpan.FromMinutes(1) ? left : TimeSpan.FromMinutes(1),
        };
    }

    private static RestoreOrigin.Found OriginIn(IReadOnlyDictionary<string, string> before) =>
        new(before[RestoreEvidence.Claim], before[RestoreEvidence.Folder], before[RestoreEvidence.SetId]);

    /// <summary>Its name fits into a label and is the same after a crash.</summary>
    private static string SafetyNameOf(ClusterObject restore)
    {
        var name = restore.Key.Name.Length <= 40 ? restore.Key.Name : restore.Key.Name[..40].TrimEnd('-', '.');
        return $"{name}-safety-{RestoreJobs.Uid8(restore)}";
    }

    private static ReadOnlyMemory<byte> FinalizerPatch(IEnumerable<string> finalizers) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["metadata"] = new JsonObject { ["finalizers"] = new JsonArray([.. finalizers.Select(name => (JsonNode?)JsonValue.Create(name))]) } }.ToJsonString());

    private static string[] FinalizersOf(ClusterObject source) =>
        JsonNode.Parse(source.Json.Span)?["metadata"]?["finalizers"] is JsonArray list ? [.. list.Select(name => (string?)name).OfType<string>()] : [];
}
