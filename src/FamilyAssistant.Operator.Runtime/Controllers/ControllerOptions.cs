using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Controllers;

/// <summary>One controller: what it reconciles and whose changes concern it.</summary>
public sealed class ControllerOptions
{
    /// <summary>For a primary kind.</summary>
    public ControllerOptions(string name, ResourceType primary)
    {
        Name = name;
        Primary = primary;
    }

    /// <summary>Name in logs and metrics.</summary>
    public string Name { get; }

    /// <summary>The kind that it reconciles.</summary>
    public ResourceType Primary { get; }

    /// <summary>Passes at the same time, over different objects. Default 4.</summary>
    public int Workers { get; set; } = 4;

    /// <summary>Longest pass; then it is cancelled and tried again. Default 5 min.</summary>
    public TimeSpan PassLimit { get; set; } = TimeSpan.FromMinutes(5);

    /// <summary>Every object is looked at again after this time although nothing changed, without any request. Default 10 h.</summary>
    public TimeSpan Resync { get; set; } = TimeSpan.FromHours(10);

    internal Dictionary<ResourceType, Func<ICaches, ClusterObject, IEnumerable<ObjectKey>>> Sources { get; } = [];

    /// <summary>A change of an object of this kind asks for passes over the keys that <paramref name="keys"/> gives; it is asked for the old and the new state.</summary>
    public ControllerOptions Watch(ResourceType type, Func<ICaches, ClusterObject, IEnumerable<ObjectKey>> keys)
    {
        Sources[type] = keys;
        return this;
    }
}
