using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>The caches of all watched kinds.</summary>
public interface ICaches
{
    /// <summary>The cache of a watched kind; throws <see cref="InvalidOperationException"/> for a kind that is not watched.</summary>
    IObjectCache this[ResourceType type] { get; }
}
