using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An object of an instance, and an edit of one of the operator's fields that a third party could make.</summary>
/// <param name="Type">Kind.</param>
/// <param name="NameOf">Its name, from the instance's.</param>
/// <param name="Edit">Merge patch with an edit of an owned field.</param>
internal sealed record OwnedObject(ResourceType Type, Func<string, string> NameOf, string Edit)
{
    /// <summary>Not a label that says whose it is: a claim outlives its instance and is known by those alone.</summary>
    private const string Relabel = """{"metadata":{"labels":{"app.kubernetes.io/part-of":"something-else"}}}""";

    /// <summary>All objects of an instance with an external database, two Ingresses and a NetworkPolicy, in the order of the steps.</summary>
    public static IReadOnlyList<OwnedObject> OfExternal { get; } =
    [
        new(ResourceTypes.PersistentVolumeClaim, ObjectNames.DataClaim, Relabel),
        new(ResourceTypes.Secret, ObjectNames.DatabaseSecret, """{"data":{"DATABASE_URL":"eA=="}}"""),
        new(ResourceTypes.ServiceAccount, ObjectNames.Workload, """{"automountServiceAccountToken":true}"""),
        new(ResourceTypes.NetworkPolicy, ObjectNames.NetworkPolicy, """{"spec":{"ingress":[{}]}}"""),
        new(ResourceTypes.Service, ObjectNames.Workload, """{"spec":{"selector":{"app":"other"}}}"""),
        new(ResourceTypes.StatefulSet, ObjectNames.Workload, """{"spec":{"replicas":3}}"""),
        new(ResourceTypes.Ingress, ObjectNames.WebIngress, """{"spec":{"rules":[{"host":"evil.example.com"}]}}"""),
        new(ResourceTypes.Ingress, ObjectNames.WebhooksIngress, """{"metadata":{"labels":{"family-assistant.io/instance":"other"}}}"""),
    ];

    /// <summary>The objects of the managed database.</summary>
    public static IReadOnlyList<OwnedObject> OfManagedDatabase { get; } =
    [
        new(ResourceTypes.PersistentVolumeClaim, ObjectNames.ManagedDatabaseClaim, Relabel),
        new(ResourceTypes.ServiceAccount, ObjectNames.ManagedDatabase, """{"automountServiceAccountToken":true}"""),
        new(ResourceTypes.Service, ObjectNames.ManagedDatabase, """{"spec":{"selector":{"app":"other"}}}"""),
        new(ResourceTypes.NetworkPolicy, ObjectNames.ManagedDatabase, """{"spec":{"ingress":[{}]}}"""),
        new(ResourceTypes.StatefulSet, ObjectNames.ManagedDatabase, """{"spec":{"replicas":0}}"""),
    ];

    /// <summary>For the name of a test.</summary>
    public string Label => $"{Type.Kind} {NameOf("home")}";
}
