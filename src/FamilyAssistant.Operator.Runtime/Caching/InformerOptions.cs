using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>What one informer watches and how it keeps it.</summary>
public sealed class InformerOptions
{
    /// <summary>For one kind.</summary>
    public InformerOptions(ResourceType type)
    {
        Type = type;
    }

    /// <summary>Kind.</summary>
    public ResourceType Type { get; }

    /// <summary>
    /// Namespaces that are watched from the start. Null: all namespaces with one watch. Empty: none until <see cref="Informer.Follow"/>.
    /// </summary>
    public IReadOnlyList<string>? Namespaces { get; set; }

    /// <summary>Follow exactly the namespaces in which this watched kind has objects; implies an empty <see cref="Namespaces"/>.</summary>
    public ResourceType? FollowNamespacesOf { get; set; }

    /// <summary>
    /// The cache only saves requests: nobody takes what is absent from it for an answer. A namespace can then be worked on although this cache does not speak for it.
    /// </summary>
    public bool IsAdvisory { get; set; }

    /// <summary>Label selector, or null.</summary>
    public string? LabelSelector { get; set; }

    /// <summary>Field selector, or null.</summary>
    public string? FieldSelector { get; set; }

    /// <summary>Objects per page of a list. Default 500; smaller for kinds with large objects, so that a start stays small in memory.</summary>
    public int PageSize { get; set; } = 500;

    /// <summary>
    /// Objects for which it is false are kept without content, labels and annotations: their name is known to be taken and no more. Null keeps everything.
    /// </summary>
    public Func<ClusterObject, bool>? Retain { get; set; }

    /// <summary>Bounds of the time that the server is asked to keep a watch open. Default 300 to 600 s, random so that watches do not end together.</summary>
    public (TimeSpan Min, TimeSpan Max) WatchTime { get; set; } = (TimeSpan.FromSeconds(300), TimeSpan.FromSeconds(600));

    /// <summary>Silence after which a watch is opened again, in case it is dead. Default 3 min; servers send a bookmark each minute, but Kubernetes 1.20 none for a kind in which nothing happens.</summary>
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(3);

    /// <summary>First and longest pause after a failure; doubles, with jitter. Default 0.5 s and 30 s.</summary>
    public (TimeSpan First, TimeSpan Max) BackOff { get; set; } = (TimeSpan.FromMilliseconds(500), TimeSpan.FromSeconds(30));

    internal bool IndexUids { get; set; }

    internal Dictionary<string, Func<ClusterObject, IEnumerable<string>>> Indexes { get; } = [];

    /// <summary>Makes <see cref="IObjectCache.List(string, string, string)"/> by this label quick.</summary>
    public InformerOptions IndexLabel(string label) => Index(label, o => o.Labels.TryGetValue(label, out var value) ? [value] : []);

    /// <summary>Adds an index of any values, asked for under this name in <see cref="IObjectCache.List(string, string, string)"/>.</summary>
    public InformerOptions Index(string name, Func<ClusterObject, IEnumerable<string>> values)
    {
        Indexes[name] = values;
        return this;
    }
}
