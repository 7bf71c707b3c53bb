using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>A change of a cache: created (no old), updated, deleted (no new).</summary>
/// <param name="Old">What the cache held, or null.</param>
/// <param name="New">What it holds now, or null.</param>
public readonly record struct ObjectChange(ClusterObject? Old, ClusterObject? New)
{
    /// <summary>The newer of the two.</summary>
    public ClusterObject Object => New ?? Old!;
}
