using System.Text;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Network;

/// <summary>
/// What DNS says in a cluster, as a hosts file: each Service by its name, its namespace's and its full name; headless Services by their pods; pods of headless
/// Services by their own names; names that point to other names of the cluster.
/// </summary>
internal sealed class HostsTable
{
    private const string Zone = "cluster.local";
    private readonly List<Entry> _entries = [];

    /// <param name="services">All Services.</param>
    /// <param name="pods">All pods.</param>
    /// <param name="extraNames">Full names and their addresses; a Service of the same name wins.</param>
    public HostsTable(IReadOnlyCollection<V1Service> services, IReadOnlyCollection<V1Pod> pods, IReadOnlyDictionary<string, string> extraNames)
    {
        foreach (var service in services.Where(service => service.Spec.Type != "ExternalName").OrderBy(service => service.Metadata.NamespaceProperty).ThenBy(service => service.Metadata.Name))
        {
            if (service.Spec.ClusterIP is null or "" or "None")
            {
                AddHeadless(service, pods);
            }
            else
            {
                Add(service.Spec.ClusterIP, service.Metadata.Name, service.Metadata.NamespaceProperty);
            }
        }

        var known = _entries.Select(entry => entry.FullName).ToHashSet();
        _entries.AddRange(extraNames.Where(extra => !known.Contains(extra.Key)).OrderBy(extra => extra.Key).Select(extra => Entry.Of(extra.Value, extra.Key)));
        foreach (var service in services.Where(service => service.Spec.Type == "ExternalName").OrderBy(service => service.Metadata.NamespaceProperty).ThenBy(service => service.Metadata.Name))
        {
            foreach (var address in Resolve(service.Spec.ExternalName).ToList())
            {
                Add(address, service.Metadata.Name, service.Metadata.NamespaceProperty);
            }
        }
    }

    /// <summary>The addresses of a full name; the name of another Service with ExternalName has some only if that was added before.</summary>
    public IEnumerable<string> Resolve(string fullName) => _entries.Where(entry => entry.FullName == fullName.TrimEnd('.')).Select(entry => entry.Address);

    /// <summary>The file of one pod.</summary>
    /// <param name="namespace">The pod's namespace: its Services also have their short names.</param>
    /// <param name="address">The pod's address.</param>
    /// <param name="names">The pod's own names, the full one first.</param>
    public string Render(string @namespace, string address, IEnumerable<string> names)
    {
        var text = new StringBuilder("127.0.0.1\tlocalhost\n").Append(address).Append('\t').AppendJoin(' ', names).Append('\n');
        foreach (var entry in _entries)
        {
            text.Append(entry.Address).Append('\t').AppendJoin(' ', entry.NamesIn(@namespace)).Append('\n');
        }

        return text.ToString();
    }

    /// <summary>A pod's own names, as its kubelet writes them.</summary>
    public static IReadOnlyList<string> OwnNames(V1Pod pod)
    {
        var host = pod.Spec.Hostname ?? pod.Metadata.Name;
        return pod.Spec.Subdomain is { Length: > 0 } subdomain ? [$"{host}.{subdomain}.{pod.Metadata.NamespaceProperty}.svc.{Zone}", host] : [host];
    }

    private void AddHeadless(V1Service service, IEnumerable<V1Pod> pods)
    {
        foreach (var pod in Endpoints.Of(service, pods).OrderBy(pod => pod.Metadata.Name, StringComparer.Ordinal))
        {
            Add(pod.Status.PodIP, service.Metadata.Name, service.Metadata.NamespaceProperty);
            if (pod.Spec.Subdomain == service.Metadata.Name && pod.Spec.Hostname is { Length: > 0 } host)
            {
                Add(pod.Status.PodIP, $"{host}.{service.Metadata.Name}", service.Metadata.NamespaceProperty);
            }
        }
    }

    private void Add(string address, string name, string @namespace) => _entries.Add(new Entry(address, name, @namespace));

    /// <summary>One line; a name without a namespace stands for itself.</summary>
    private sealed record Entry(string Address, string Name, string? Namespace)
    {
        public string FullName => Namespace is null ? Name : $"{Name}.{Namespace}.svc.{Zone}";

        public static Entry Of(string address, string fullName) => new(address, fullName, null);

        public IEnumerable<string> NamesIn(string @namespace)
        {
            yield return FullName;
            if (Namespace is null)
            {
                yield break;
            }

            yield return $"{Name}.{Namespace}.svc";
            yield return $"{Name}.{Namespace}";
            if (Namespace == @namespace)
            {
                yield return Name;
            }
        }
    }
}
