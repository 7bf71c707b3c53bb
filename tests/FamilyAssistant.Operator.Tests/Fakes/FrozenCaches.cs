using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>Caches of an operator that hears nothing any more: they show the cluster as it was, and beside that only its own writes.</summary>
internal sealed class FrozenCaches : ICaches
{
    private readonly Dictionary<ResourceType, FrozenCache> _caches = [];
    private readonly FakeCluster _cluster;

    public FrozenCaches(FakeCluster cluster, params ReadOnlySpan<ResourceType> types)
    {
        _cluster = cluster;
        foreach (var type in types)
        {
            _caches[type] = new FrozenCache(cluster, type);
        }
    }

    public IObjectCache this[ResourceType type] => _caches.TryGetValue(type, out var frozen) ? frozen : _cluster[type];

    private sealed class FrozenCache(FakeCluster cluster, ResourceType type) : IObjectCache
    {
        private readonly Dictionary<ObjectKey, ClusterObject> _objects = cluster.All(type, "").ToDictionary(found => found.Key);

        public ClusterObject? Get(ObjectKey key) => _objects.GetValueOrDefault(key);

        public IReadOnlyList<ClusterObject> List(string @namespace, string label, string value) =>
            cluster.Indexes.TryGetValue((type, label), out var index)
                ? [.. List(@namespace).Where(found => index(found).Contains(value))]
                : [.. List(@namespace).Where(found => found.Labels.GetValueOrDefault(label) == value)];

        public IReadOnlyList<ClusterObject> List(string @namespace) => [.. _objects.Values.Where(found => @namespace.Length == 0 || found.Key.Namespace == @namespace)];

        public IReadOnlyList<ClusterObject> ListControlledBy(string ownerUid) => [.. _objects.Values.Where(found => found.ControllerUid == ownerUid)];

        public void Remember(ClusterObject written) => _objects[written.Key] = written;

        public void Forget(ClusterObject deleted) => _objects.Remove(deleted.Key);
    }
}
