using System.Diagnostics;
using System.Text;
using System.Text.Json;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;

namespace FamilyAssistant.Operator.Concerns.Secrets;

/// <summary>
/// What the operations that make a generated key anew have in common. The key and the UID of the operation are written in one patch, under UID and resourceVersion of what was seen:
/// whoever comes after a crash finds the UID and replaces nothing a second time. The pods follow by themselves, and the StatefulSet says when its template does.
/// </summary>
internal abstract class RotationHandler(IClusterApi api) : IOperationHandler
{
    private const string ReadyEvidence = "instance.ready";
    private const string VersionEvidence = "secret.resourceVersion";

    /// <inheritdoc />
    public abstract OperationAction Action { get; }

    /// <inheritdoc />
    public bool IsMutating => true;

    /// <summary>The keys that are replaced together; one of these in the user's own Secret means that none of the generated ones is in use.</summary>
    protected abstract IReadOnlyList<string> Keys { get; }

    /// <summary>What will be done, as a sentence.</summary>
    protected abstract string Purpose(IReadOnlyDictionary<string, string> before);

    /// <summary>New values for <see cref="Keys"/>.</summary>
    protected abstract IReadOnlyDictionary<string, string> NewValues();

    /// <summary>What of the keys may be shown, and what their change does.</summary>
    protected abstract ValueTask<Dictionary<string, string>> EvidenceAsync(ProcedurePass<FamilyAssistantOperation> pass, IReadOnlyDictionary<string, byte[]> generated, bool isBefore, CancellationToken ct);

    /// <summary>The API server.</summary>
    protected IClusterApi Api => api;

    /// <inheritdoc />
    public async ValueTask<ProcedureOutcome> ExecuteAsync(ProcedurePass<FamilyAssistantOperation> pass, CancellationToken ct)
    {
        var secret = await ReadAsync(pass, ResourceTypes.Secret, ObjectNames.GeneratedSecret(pass.InstanceName), ct);
        var facts = await GatherAsync(pass, secret, ct);
        switch (RotationPlan.Decide(pass.Stage, facts))
        {
            case RotationPlan.Answer(var outcome):
                return outcome;
            case RotationPlan.Announce:
                var before = await EvidenceAsync(pass, DataOf.Secret(secret)!, isBefore: true, ct);
                before[ReadyEvidence] = facts.Instance.IsReady ? "True" : "False";
                before[VersionEvidence] = secret!.ResourceVersion;
                return new ProcedureOutcome.Working(RotationPlan.Rotating, Purpose(before)) { Before = before };
            case RotationPlan.Replace:
                return await api.MergePatchAsync(secret!, Patch(pass), ct) is not null
                    ? new ProcedureOutcome.Working(RotationPlan.RollingOut, "The key is replaced; the pods get it.")
                    : new ProcedureOutcome.Working(RotationPlan.Rotating, $"Somebody else changed Secret {secret!.Key.Name} at this moment; looking again.") { CheckAfter = TimeSpan.FromSeconds(1) };
            case RotationPlan.Finish(var afterwards):
                var after = secret is null ? [] : await EvidenceAsync(pass, DataOf.Secret(secret)!, isBefore: false, ct);
                after[VersionEvidence] = secret?.ResourceVersion ?? "";
                return new ProcedureOutcome.Done($"{string.Join(" and ", Keys)} replaced; {afterwards}.") { After = after };
            default:
                throw new UnreachableException();
        }
    }

    /// <summary>An object of the instance's namespace, live.</summary>
    protected Task<ClusterObject?> ReadAsync(ProcedurePass<FamilyAssistantOperation> pass, ResourceType type, string name, CancellationToken ct) =>
        api.GetAsync(type, new ObjectKey(pass.Namespace, name), ct);

    private async ValueTask<RotationFacts> GatherAsync(ProcedurePass<FamilyAssistantOperation> pass, ClusterObject? secret, CancellationToken ct)
    {
        // The old key may be in use from an edit of a second ago: the user's Secret is asked live, and only until something is written.
        var reference = pass.Stage == RotationPlan.RollingOut ? null : pass.Instance.Spec.SecretRef;
        var own = reference is null ? null : DataOf.Secret(await ReadAsync(pass, ResourceTypes.Secret, reference.Name, ct));
        var ownKeys = Keys.Where(key => own?.ContainsKey(key) == true).ToArray();
        var set = await ReadAsync(pass, ResourceTypes.StatefulSet, ObjectNames.Workload(pass.InstanceName), ct);
        return new RotationFacts
        {
            Operation = pass.Source.Uid,
            Instance = InstanceState.Of(pass.Instance),
            WasReady = pass.Before.GetValueOrDefault(ReadyEvidence) == "True",
            Replicas = pass.Instance.Spec.Replicas,
            OwnSecret = ownKeys.Length > 0 ? reference!.Name : null,
            OwnKeys = ownKeys,
            Generated = GeneratedPlan.Decide(pass.InstanceName, secret),
            IsRotated = secret?.Annotations.GetValueOrDefault(WireNames.RotatedByAnnotation) == pass.Source.Uid,
            Set = set is not null && set.ControllerUid == pass.InstanceSource.Uid ? Read(set) : null,
        };
    }

    private static RotatedSet Read(ClusterObject source)
    {
        var status = source.Read<V1StatefulSet>().Status;
        return new RotatedSet(
            source.Annotations.GetValueOrDefault(WireNames.RotatedByAnnotation),
            (status?.ObservedGeneration ?? 0) >= source.Generation && (status?.UpdateRevision is null || status.CurrentRevision == status.UpdateRevision),
            status?.ReadyReplicas ?? 0);
    }

    private ReadOnlyMemory<byte> Patch(ProcedurePass<FamilyAssistantOperation> pass)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartObject("metadata");
            writer.WriteStartObject("annotations");
            writer.WriteString(WireNames.RotatedByAnnotation, pass.Source.Uid);
            writer.WriteEndObject();
            writer.WriteEndObject();
            writer.WriteStartObject("data");
            foreach (var (key, value) in NewValues())
            {
                writer.WriteBase64String(key, Encoding.ASCII.GetBytes(value));
            }

            writer.WriteEndObject();
            writer.WriteEndObject();
        }

        return stream.ToArray();
    }
}
