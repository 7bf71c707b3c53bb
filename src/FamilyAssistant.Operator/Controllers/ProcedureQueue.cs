using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>
/// The order of the procedures on one instance, of all kinds: those that have begun, then those that wait for nothing but their turn, then those that lack something; each by creation, then by
/// name. Pure. Who has its turn is settled by <see cref="ProcedureLock"/>: two views of the order may differ for a moment.
/// </summary>
internal static class ProcedureQueue
{
    /// <summary>The first that comes before this one, as a noun and a name; null: it is its turn.</summary>
    /// <param name="source">The procedure.</param>
    /// <param name="others">All procedures on the same instance, with their kinds.</param>
    public static string? Before(ClusterObject source, IEnumerable<(IProcedureKind Kind, ClusterObject Source)> others)
    {
        var own = Place(source);
        return others
            .Where(other => other.Source.Uid != source.Uid && !ProcedureReader.IsFinal(other.Source) && other.Kind.TakesTurn(other.Source))
            .Select(other => (Place: Place(other.Source), Name: NameOf(other.Kind, other.Source)))
            .Where(other => other.Place.CompareTo(own) < 0)
            .OrderBy(other => other.Place)
            .Select(other => other.Name)
            .FirstOrDefault();
    }

    /// <summary>A procedure as it is named in messages.</summary>
    public static string NameOf(IProcedureKind kind, ClusterObject source) => $"{kind.Noun} {source.Key.Name}";

    private static (bool Waits, bool Lacks, DateTime Created, string Name, string Kind) Place(ClusterObject source)
    {
        var progress = ProcedureReader.Of(source);
        var waits = progress.InstanceUid is null;
        return (waits, waits && ProcedureReasons.IsOwnObstacle(progress.Reason), progress.Created, source.Key.Name, source.Type.Kind);
    }
}
