using FamilyAssistant.Operator.Reconciliation.Operations;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>The order of the operations on one instance: those that have begun, then by creation, then by name. Pure.</summary>
internal static class OperationQueue
{
    /// <summary>Name of the first operation that comes before this one; null: it is its turn.</summary>
    /// <param name="source">The operation.</param>
    /// <param name="others">All operations on the same instance.</param>
    /// <param name="takesTurn">Whether an operation is one of those that take turns.</param>
    public static string? Before(ClusterObject source, IEnumerable<ClusterObject> others, Func<ClusterObject, bool> takesTurn)
    {
        var own = Place(source);
        return others
            .Where(other => other.Uid != source.Uid && !OperationReader.IsFinal(other) && takesTurn(other))
            .Select(Place)
            .Where(place => place.CompareTo(own) < 0)
            .Order()
            .Select(place => place.Name)
            .FirstOrDefault();
    }

    private static (bool Waits, DateTime Created, string Name) Place(ClusterObject source)
    {
        var operation = OperationReader.Read(source);
        return (operation?.Status?.InstanceUid is null, operation?.Metadata.CreationTimestamp ?? DateTime.MaxValue, source.Key.Name);
    }
}
