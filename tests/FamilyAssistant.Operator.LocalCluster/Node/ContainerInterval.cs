namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>One run of a container: from before its program starts until all of its processes are gone.</summary>
/// <param name="Namespace">Namespace of its pod.</param>
/// <param name="Pod">Name of its pod.</param>
/// <param name="PodUid">UID of its pod.</param>
/// <param name="Container">Its name.</param>
/// <param name="Start">Before its program started.</param>
/// <param name="End">After its last process was gone; null while it runs.</param>
public sealed record ContainerInterval(string Namespace, string Pod, string PodUid, string Container, DateTimeOffset Start, DateTimeOffset? End)
{
    /// <summary>The variables that it was given, image and sandbox apart; values of Secrets among them.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Whether both ran at the same moment.</summary>
    public bool Overlaps(ContainerInterval other) => Start < (other.End ?? DateTimeOffset.MaxValue) && other.Start < (End ?? DateTimeOffset.MaxValue);
}
