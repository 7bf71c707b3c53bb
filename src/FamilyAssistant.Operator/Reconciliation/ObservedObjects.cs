using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>
/// One picture of the instance's namespace: an object that was looked up once stays the same for the whole pass, so that two steps
/// never decide from different versions of it.
/// </summary>
internal sealed class ObservedObjects(ICaches caches, ObjectKey instance)
{
    private readonly Dictionary<(ResourceType, string), ClusterObject?> _seen = [];
    private IReadOnlyList<ClusterObject>? _pods;

    /// <summary>The object of that name in the instance's namespace, or null.</summary>
    public ClusterObject? Find(ResourceType type, string name)
    {
        if (!_seen.TryGetValue((type, name), out var found))
        {
            found = caches[type].Get(new ObjectKey(instance.Namespace, name));
            _seen.Add((type, name), found);
        }

        return found;
    }

    /// <summary>Every pod that carries the instance's label, of all components, terminating ones too.</summary>
    public IReadOnlyList<ClusterObject> Pods => _pods ??= caches[ResourceTypes.Pod].List(instance.Namespace, WireNames.InstanceLabel, instance.Name);

    /// <summary>The pods of one component (<see cref="WireNames.ComponentLabel"/>).</summary>
    public IEnumerable<ClusterObject> PodsOf(string component) =>
        Pods.Where(pod => pod.Labels.TryGetValue(WireNames.ComponentLabel, out var value) && value == component);
}
