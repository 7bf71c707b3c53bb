using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>What an informer last saw of one kind. Late by nature: see <see cref="IClusterApi.GetAsync"/> for live reads.</summary>
public interface IObjectCache
{
    /// <summary>The object, or null when the cache knows none of that name.</summary>
    ClusterObject? Get(ObjectKey key);

    /// <summary>Objects of one namespace that carry this label value, or this value in the informer's index of that name; from an index when the informer has one.</summary>
    IReadOnlyList<ClusterObject> List(string @namespace, string label, string value);

    /// <summary>Objects of one namespace, or of all when it is empty.</summary>
    IReadOnlyList<ClusterObject> List(string @namespace);

    /// <summary>Objects whose controlling owner has this UID.</summary>
    IReadOnlyList<ClusterObject> ListControlledBy(string ownerUid);

    /// <summary>Records the answer to an own write, so that the next pass sees it although the watch event is still on its way.</summary>
    void Remember(ClusterObject written);

    /// <summary>Records that an own delete was answered for this incarnation.</summary>
    void Forget(ClusterObject deleted);
}
