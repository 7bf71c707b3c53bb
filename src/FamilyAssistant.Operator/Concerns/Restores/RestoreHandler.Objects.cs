using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <content>Objects and keys of the set.</content>
internal sealed partial class RestoreHandler
{
    /// <summary>The Job's input, Base64 and the markers: a set's objects are 1 MB at most.</summary>
    private static readonly LogRange WholeLog = new(1_000_000) { MostBytes = 4 * 1024 * 1024 };

    private async ValueTask<ProcedureOutcome> PutObjectsAsync(ProcedurePass<FamilyAssistantRestore> pass, RestorePicture picture, ProcedureOutcome next, CancellationToken ct)
    {
        if (await OpenAsync(pass, ct) is not { } objects || (picture.MakesInstance && objects.Instance is null))
        {
            return Refuse(picture, RestoreReasons.ObjectInvalid, "The parts Configuration and Secrets of the set could be opened, and hold something else than ConfigMaps, Secrets and the instance. Look at them by hand (docs/restore.md), and leave them out of spec.parts.");
        }

        var instance = objects.Instance is { } found && picture.MakesInstance && !pass.HasInstance ? JsonNode.Parse(found.Json.Span)!.AsObject() : null;
        if (instance is not null && await DifferentKeysAsync(pass, instance, ct) is { Count: > 0 } different)
        {
            return Refuse(picture, RestoreReasons.KeysDiffer, RestoreExamination.KeysDiffer(picture, different).Message);
        }

        foreach (var input in objects.Inputs)
        {
            // Taken names are left: what is there is somebody's, or was made a moment ago.
            await api.CreateAsync(input, ct);
        }

        if (objects.Generated is { } generated)
        {
            await api.CreateAsync(OwnSecret(pass, KeysOfSet, generated), ct);
        }

        if (instance is null)
        {
            return next;
        }

        // The next sets go on where this one is.
        if (instance["spec"]?["backup"] is JsonObject backup)
        {
            backup["volume"] = new JsonObject { ["existingClaim"] = pass.Before[RestoreEvidence.Claim] };
        }

        await api.CreateAsync(objects.Instance! with { Json = Encoding.UTF8.GetBytes(instance.ToJsonString()) }, ct);
        return next;
    }

    private static ProcedureOutcome Refuse(RestorePicture picture, string reason, string message) => RestorePlan.Fail(picture, new ProcedureOutcome.Failed(reason, message)).Outcome;

    /// <summary>Keys of an instance that is going to be made. What the set brings is that of the set; it is asked about what is here already, before anything is made.</summary>
    private async ValueTask<IReadOnlyList<string>> DifferentKeysAsync(ProcedurePass<FamilyAssistantRestore> pass, JsonObject instance, CancellationToken ct) =>
        pass.Procedure.Spec.AcceptKeyChange || await ManifestAsync(pass, ct) is not { } manifest ? [] : await DifferentKeysAsync(pass, manifest, (string?)instance["spec"]?["secretRef"]?["name"], ct);

    private async ValueTask<SetManifest?> ManifestAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct) =>
        await LookAsync(pass, RestoreTool.Inspect, ct) is ToolState.Succeeded { Result.Manifest: { } manifest } ? manifest : null;

    private async ValueTask<SetObjects?> OpenAsync(ProcedurePass<FamilyAssistantRestore> pass, CancellationToken ct)
    {
        for (var attempt = 1; attempt <= MostLost; attempt++)
        {
            var name = RestoreJobs.NameOf(pass.Source, RestoreTool.OpenParts, attempt);
            if (await jobs.LookAsync(pass.Source, name, ct) is not JobState.Succeeded(_, var pod))
            {
                continue;
            }

            var key = DataOf.ValueOf(DataOf.Secret(await api.GetAsync(ResourceTypes.Secret, new ObjectKey(pass.Namespace, name), ct)), ToolEnvironment.SealKeyFile);
            var log = await api.ReadLogAsync(pod, ToolJob.Container, WholeLog, ct);
            var parts = pass.Procedure.Spec.Parts.Where(RestoreJobs.IsObject).ToDictionary(part => part, part => key is null ? null : SealedParts.Open(log, part, Encoding.ASCII.GetString(key).Trim()));
            return parts.Values.Any(part => part is null)
                ? null
                : SetObjects.Of(parts.GetValueOrDefault(BackupPart.Configuration), parts.GetValueOrDefault(BackupPart.Secrets), pass.Namespace, pass.Before[RestoreEvidence.Folder], pass.InstanceName, pass.Source.Uid);
        }

        return null;
    }

    /// <summary>The keys of before are kept first, then all are replaced in one patch with the mark of this restore: after a crash nothing is replaced a second time.</summary>
    private async ValueTask<ProcedureOutcome> ReplaceKeysAsync(ProcedurePass<FamilyAssistantRestore> pass, ProcedureOutcome next, CancellationToken ct)
    {
        var wanted = DataOf.Secret(await api.GetAsync(ResourceTypes.Secret, OwnKey(pass, KeysOfSet), ct));
        var generated = await api.GetAsync(ResourceTypes.Secret, new ObjectKey(pass.Namespace, ObjectNames.GeneratedSecret(pass.InstanceName)), ct);
        if (wanted is null || generated is null || generated.Annotations.GetValueOrDefault(WireNames.RotatedByAnnotation) == pass.Source.Uid)
        {
            return next;
        }

        var current = DataOf.Secret(generated)!;
        var keys = wanted.Where(key => GeneratedKeys.All.Contains(key.Key) && key.Key != GeneratedKeys.HashKey && !(current.TryGetValue(key.Key, out var value) && value.AsSpan().SequenceEqual(key.Value))).ToDictionary();
        if (keys.Count == 0)
        {
            return next;
        }

        await api.CreateAsync(OwnSecret(pass, KeysOfBefore, current), ct);
        return await api.MergePatchAsync(generated, KeysPatch(keys, pass.Source.Uid), ct) is not null ? next : Again(pass, generated);
    }

    private async ValueTask<ProcedureOutcome> PutBackKeysAsync(ProcedurePass<FamilyAssistantRestore> pass, ProcedureOutcome next, CancellationToken ct)
    {
        var kept = DataOf.Secret(await api.GetAsync(ResourceTypes.Secret, OwnKey(pass, KeysOfBefore), ct));
        var generated = await api.GetAsync(ResourceTypes.Secret, new ObjectKey(pass.Namespace, ObjectNames.GeneratedSecret(pass.InstanceName)), ct);
        return kept is null || generated?.Annotations.GetValueOrDefault(WireNames.RotatedByAnnotation) != pass.Source.Uid || await api.MergePatchAsync(generated, KeysPatch(kept, null), ct) is not null
            ? next
            : Again(pass, generated);
    }

    private async ValueTask<ProcedureOutcome> PauseAsync(ProcedurePass<FamilyAssistantRestore> pass, ProcedureOutcome next, CancellationToken ct)
    {
        var patch = new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [WireNames.PausedAnnotation] = WireNames.PausedUntilDeleted } } };
        return !pass.HasInstance || await api.MergePatchAsync(pass.InstanceSource, Encoding.UTF8.GetBytes(patch.ToJsonString()), ct) is not null ? next : Again(pass, pass.InstanceSource);
    }

    private static ProcedureOutcome.Working Again(ProcedurePass<FamilyAssistantRestore> pass, ClusterObject changed) =>
        new(pass.Stage!, $"Somebody else changed {changed.Type.Kind} {changed.Key.Name} at this moment; looking again.") { CheckAfter = Soon };

    private const string KeysOfSet = "keys";
    private const string KeysOfBefore = "keys-before";

    private static ObjectKey OwnKey(ProcedurePass<FamilyAssistantRestore> pass, string suffix) => new(pass.Namespace, ObjectNames.ProcedureJob("restore", pass.Source.Uid, suffix));

    /// <summary>A Secret that goes with the restore, as the inputs of its Jobs do.</summary>
    private static Manifest OwnSecret(ProcedurePass<FamilyAssistantRestore> pass, string suffix, IReadOnlyDictionary<string, byte[]> data) => new ToolJob
    {
        Name = OwnKey(pass, suffix).Name,
        Owner = pass.Source,
        Instance = pass.InstanceName,
        Image = "",
        Command = [],
        Deadline = TimeSpan.Zero,
    }.Input(data);

    private static ReadOnlyMemory<byte> KeysPatch(IReadOnlyDictionary<string, byte[]> keys, string? mark)
    {
        var data = new JsonObject();
        foreach (var (name, value) in keys)
        {
            data[name] = Convert.ToBase64String(value);
        }

        return Encoding.UTF8.GetBytes(new JsonObject { ["metadata"] = new JsonObject { ["annotations"] = new JsonObject { [WireNames.RotatedByAnnotation] = mark } }, ["data"] = data }.ToJsonString());
    }
}
