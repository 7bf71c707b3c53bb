using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>What an informer of one kind would show of the cluster.</summary>
internal sealed class FakeCache(FakeCluster cluster, ResourceType type) : IObjectCache
{
    public ClusterObject? Get(ObjectKey key) =>
        cluster.HiddenFromCache.Contains(key) ? null : Stale(key) ?? cluster.Look(type, key);

    public IReadOnlyList<ClusterObject> List(string @namespace, string label, string value) =>
        cluster.Indexes.TryGetValue((type, label), out var index)
            ? [.. List(@namespace).Where(found => index(found).Contains(value))]
            : [.. List(@namespace).Where(found => found.Labels.GetValueOrDefault(label) == value)];

    public IReadOnlyList<ClusterObject> List(string @namespace) =>
        [.. cluster.All(type, @namespace).Where(found => !cluster.HiddenFromCache.Contains(found.Key)).Select(found => Stale(found.Key) ?? found)];

    public IReadOnlyList<ClusterObject> ListControlledBy(string ownerUid) => [.. List("").Where(found => found.ControllerUid == ownerUid)];

    public void Remember(ClusterObject written)
    {
        cluster.HiddenFromCache.Remove(written.Key);
        cluster.StaleInCache.Remove(written.Key);
    }

    public void Forget(ClusterObject deleted) => cluster.HiddenFromCache.Add(deleted.Key);

    private ClusterObject? Stale(ObjectKey key) => cluster.StaleInCache.TryGetValue(key, out var stale) && stale.Type == type ? stale : null;
}
