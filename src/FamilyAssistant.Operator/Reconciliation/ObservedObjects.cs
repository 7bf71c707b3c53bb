using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation.Procedures;
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

    /// <summary>
    /// The object as the cache has it now: for what an earlier step of the same pass, or this step, just wrote. Everything else is asked of <see cref="Find"/>.
    /// </summary>
    public ClusterObject? Latest(ResourceType type, string name)
    {
        var found = caches[type].Get(new ObjectKey(instance.Namespace, name));
        _seen[(type, name)] = found;
        return found;
    }

    /// <summary>Makes the answer to an own write visible to the rest of the pass and to the next one.</summary>
    public void Remember(ClusterObject written)
    {
        caches[written.Type].Remember(written);
        _seen[(written.Type, written.Key.Name)] = written;
    }

    /// <summary>Every pod that carries the instance's label, of all components, terminating ones too.</summary>
    public IReadOnlyList<ClusterObject> Pods => _pods ??= caches[ResourceTypes.Pod].List(instance.Namespace, WireNames.InstanceLabel, instance.Name);

    /// <summary>The procedures of one kind on the instance, as the cache has them; null when that cache does not speak for the namespace, so that nothing may follow from what is absent.</summary>
    public IReadOnlyList<ClusterObject>? Procedures(ResourceType type) =>
        caches.Speaks(type, instance.Namespace) ? caches[type].List(instance.Namespace, ProcedureReader.ByInstance, instance.Name) : null;

    /// <summary>The pods of one component (<see cref="WireNames.ComponentLabel"/>).</summary>
    public IEnumerable<ClusterObject> PodsOf(string component) =>
        Pods.Where(pod => pod.Labels.TryGetValue(WireNames.ComponentLabel, out var value) && value == component);
}
