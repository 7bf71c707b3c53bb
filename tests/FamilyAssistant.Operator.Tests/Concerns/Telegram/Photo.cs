using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

/// <summary>Caches as they were at one moment: what a process goes on believing while others write.</summary>
internal sealed class Photo : ICaches
{
    private static readonly ResourceType[] Types =
        [Kinds.Instance, ResourceTypes.Lease, ResourceTypes.Secret, ResourceTypes.StatefulSet, ResourceTypes.Pod, ResourceTypes.Deployment];

    private readonly Dictionary<ResourceType, Kept> _kinds;

    public Photo(FakeCluster cluster) => _kinds = Types.ToDictionary(type => type, type => new Kept(cluster.All(type, "")));

    public IObjectCache this[ResourceType type] => _kinds[type];

    private sealed class Kept(IEnumerable<ClusterObject> objects) : IObjectCache
    {
        private readonly Dictionary<ObjectKey, ClusterObject> _objects = objects.ToDictionary(found => found.Key);

        public ClusterObject? Get(ObjectKey key) => _objects.GetValueOrDefault(key);

        public IReadOnlyList<ClusterObject> List(string @namespace, string label, string value) =>
            [.. List(@namespace).Where(found => label == BotClaim.ByHolder ? BotClaim.IndexValues(found).Contains(value) : found.Labels.GetValueOrDefault(label) == value)];

        public IReadOnlyList<ClusterObject> List(string @namespace) => [.. _objects.Values.Where(found => @namespace.Length == 0 || found.Key.Namespace == @namespace)];

        public IReadOnlyList<ClusterObject> ListControlledBy(string ownerUid) => [.. _objects.Values.Where(found => found.ControllerUid == ownerUid)];

        public void Remember(ClusterObject written) => _objects[written.Key] = written;

        public void Forget(ClusterObject deleted)
        {
            if (_objects.TryGetValue(deleted.Key, out var known) && known.Uid == deleted.Uid)
            {
                _objects[deleted.Key] = known with { IsTerminating = true };
            }
        }
    }
}
