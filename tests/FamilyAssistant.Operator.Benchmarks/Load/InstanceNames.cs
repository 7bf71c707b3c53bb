namespace FamilyAssistant.Operator.Benchmarks.Load;

/// <summary>Where instances live and what they are called.</summary>
/// <param name="Count">How many.</param>
/// <param name="PerNamespace">How many share a namespace.</param>
internal sealed record InstanceNames(int Count, int PerNamespace)
{
    /// <summary>Numbers of all instances.</summary>
    public IEnumerable<int> All => Enumerable.Range(0, Count);

    /// <summary>Their namespaces.</summary>
    public IEnumerable<string> Namespaces => All.Select(NamespaceOf).Distinct();

    /// <summary>Namespace of an instance.</summary>
    public string NamespaceOf(int instance) => $"bench-{instance / PerNamespace:000}";

    /// <summary>Name of an instance, unique in the cluster.</summary>
    public static string NameOf(int instance) => $"family-{instance:0000}";

    /// <summary>The instance of a name.</summary>
    public static int NumberOf(string name) => int.Parse(name[^4..], System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Namespace and name, as <see cref="World.Sight.Key"/>.</summary>
    public string KeyOf(int instance) => $"{NamespaceOf(instance)}/{NameOf(instance)}";

    /// <summary>Path of the objects of a kind in the instance's namespace.</summary>
    public string PathOf(int instance, string group, string plural) => $"{group}/namespaces/{NamespaceOf(instance)}/{plural}";

    /// <summary>Path of the instance itself.</summary>
    public string PathOf(int instance) => $"{PathOf(instance, Groups.Instances, "familyassistantinstances")}/{NameOf(instance)}";
}
