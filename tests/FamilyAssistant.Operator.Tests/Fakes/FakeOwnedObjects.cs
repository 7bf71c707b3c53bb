using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Owned;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>The contract of <see cref="IOwnedObjects"/> over a <see cref="FakeCluster"/>, without its economy.</summary>
internal sealed class FakeOwnedObjects(FakeCluster cluster) : IOwnedObjects
{
    public async Task<EnsureResult> EnsureAsync(ClusterObject owner, Manifest manifest, bool owned, bool adopt, CancellationToken ct)
    {
        var before = cluster.Look(manifest.Type, manifest.Key);
        if (before is not null && !IsOurs(owner, before) && !adopt)
        {
            return new EnsureResult(EnsureOutcome.NameConflict, before);
        }

        if (before is { IsTerminating: true })
        {
            return new EnsureResult(EnsureOutcome.Terminating, before);
        }

        var desired = JsonNode.Parse(manifest.Json.Span)!.AsObject();
        if (owned)
        {
            desired["metadata"]!["ownerReferences"] = JsonNode.Parse($$"""[{"apiVersion": "{{owner.Type.ApiVersion}}", "kind": "{{owner.Type.Kind}}", "name": "{{owner.Key.Name}}", "uid": "{{owner.Uid}}", "controller": true}]""");
        }

        if (before is not null && FakeObjects.Contains(cluster.LookJson(manifest.Type, manifest.Key), desired))
        {
            return new EnsureResult(EnsureOutcome.Unchanged, before);
        }

        var json = System.Text.Encoding.UTF8.GetBytes(desired.ToJsonString());
        var result = await cluster.ApplyAsync(manifest with { Json = json }, force: true, ct);
        cluster[manifest.Type].Remember(result.Object);
        return new EnsureResult(result.Created ? EnsureOutcome.Created : EnsureOutcome.Updated, result.Object);
    }

    public async Task<bool> RemoveAsync(ClusterObject owner, ResourceType type, ObjectKey key, CancellationToken ct) =>
        cluster.Look(type, key) is { IsTerminating: false } found && IsOurs(owner, found) && await cluster.DeleteAsync(found, ct);

    private static bool IsOurs(ClusterObject owner, ClusterObject found) =>
        found.ControllerUid == owner.Uid
        || (found.ControllerUid is null
            && found.Labels.GetValueOrDefault(WireNames.ManagedByLabel) == WireNames.ManagedByValue
            && found.Labels.GetValueOrDefault(WireNames.InstanceLabel) == owner.Key.Name);
}
