using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>An instance in the order of their age.</summary>
internal sealed record ObjectIdentity(string Namespace, string Name, string Uid, DateTime Created)
{
    /// <summary>Whether this one was there before the other; instances made in the same second are told apart by UID, so that all agree.</summary>
    public bool IsOlderThan(ObjectIdentity other) =>
        Created != other.Created ? Created < other.Created : string.CompareOrdinal(Uid, other.Uid) < 0;

    /// <summary>Identity of an instance.</summary>
    public static ObjectIdentity Of(ClusterObject source, DateTime? created) =>
        new(source.Key.Namespace, source.Key.Name, source.Uid, created ?? DateTime.MaxValue);
}
