using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>The caches of all watched kinds.</summary>
public interface ICaches
{
    /// <summary>The cache of a watched kind; throws <see cref="InvalidOperationException"/> for a kind that is not watched.</summary>
    IObjectCache this[ResourceType type] { get; }

    /// <summary>Whether the cache of a watched kind has been filled for this namespace. Only of interest for an advisory one: no pass is made while another one does not speak for its namespace.</summary>
    bool Speaks(ResourceType type, string @namespace) => true;
}
