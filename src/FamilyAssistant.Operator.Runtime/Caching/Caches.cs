using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>All informers of the process.</summary>
internal sealed class Caches : ICaches
{
    private readonly Dictionary<ResourceType, Informer> _informers;

    public Caches(IEnumerable<Informer> informers)
    {
        _informers = informers.ToDictionary(i => i.Type);
        foreach (var informer in _informers.Values.Where(i => i.Options.FollowNamespacesOf is not null))
        {
            NamespaceFollower.Connect(Informer(informer.Options.FollowNamespacesOf!), informer);
        }
    }

    public IReadOnlyCollection<Informer> All => _informers.Values;

    /// <summary>Whether every informer was listed.</summary>
    public bool HasSynced => _informers.Values.All(i => i.HasSynced);

    public IObjectCache this[ResourceType type] => Informer(type).Cache;

    public bool Speaks(ResourceType type, string @namespace) => Informer(type).IsSynced(@namespace);

    public Informer Informer(ResourceType type) => _informers.TryGetValue(type, out var informer)
        ? informer
        : throw new InvalidOperationException($"{type.Kind} is not watched; add an informer for it.");

    /// <summary>What keeps the caches from speaking for a namespace.</summary>
    public IReadOnlyList<CacheFault> FaultsOf(string @namespace)
    {
        List<CacheFault>? faults = null;
        foreach (var informer in _informers.Values)
        {
            if (!informer.Options.IsAdvisory && !informer.IsSynced(@namespace) && informer.FaultOf(@namespace) is { } fault)
            {
                (faults ??= []).Add(fault);
            }
        }

        return faults ?? (IReadOnlyList<CacheFault>)[];
    }
}
