using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>An object of a name that the operator needs, and that somebody else made, is never touched, mounted or adopted.</summary>
public sealed class NameConflictTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private static readonly Dictionary<string, (ResourceType Type, string Name, string Content, string Condition)> Strangers = new()
    {
        ["PersistentVolumeClaim home-data"] = (ResourceTypes.PersistentVolumeClaim, "home-data", """{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""", ConditionTypes.StorageReady),
        ["Secret home-generated"] = (ResourceTypes.Secret, "home-generated", """{"stringData":{"SESSION_SECRET_KEY":"known-to-somebody"}}""", ConditionTypes.SecretsValid),
        ["Secret home-database"] = (ResourceTypes.Secret, "home-database", """{"stringData":{"DATABASE_URL":"postgresql+asyncpg://evil/x"}}""", ConditionTypes.DatabaseReady),
        ["ServiceAccount home"] = (ResourceTypes.ServiceAccount, "home", """{"automountServiceAccountToken":true}""", ConditionTypes.WorkloadAvailable),
        ["NetworkPolicy home"] = (ResourceTypes.NetworkPolicy, "home", """{"spec":{"podSelector":{},"ingress":[{}]}}""", ConditionTypes.WorkloadAvailable),
        ["Service home"] = (ResourceTypes.Service, "home", """{"spec":{"selector":{"app":"mine"},"ports":[{"port":80}]}}""", ConditionTypes.WorkloadAvailable),
        ["StatefulSet home"] = (ResourceTypes.StatefulSet, "home", """{"spec":{"replicas":0,"serviceName":"home","selector":{"matchLabels":{"app":"mine"}},"template":{"metadata":{"labels":{"app":"mine"}},"spec":{"containers":[{"name":"a","image":"none.invalid/a:1"}]}}}}""", ConditionTypes.WorkloadAvailable),
        ["Deployment home"] = (ResourceTypes.Deployment, "home", """{"spec":{"replicas":1,"selector":{"matchLabels":{"app":"mine"}},"template":{"metadata":{"labels":{"app":"mine"}},"spec":{"containers":[{"name":"a","image":"none.invalid/a:1"}]}}}}""", ConditionTypes.WorkloadAvailable),
        ["Ingress home-web"] = (ResourceTypes.Ingress, "home-web", """{"spec":{"defaultBackend":{"service":{"name":"mine","port":{"number":80}}}}}""", ConditionTypes.WorkloadAvailable),
        ["Ingress home-webhooks"] = (ResourceTypes.Ingress, "home-webhooks", """{"spec":{"defaultBackend":{"service":{"name":"mine","port":{"number":80}}}}}""", ConditionTypes.WorkloadAvailable),
    };

    private static readonly Dictionary<string, (ResourceType Type, string Name, string Content, string Reason)> DatabaseStrangers = new()
    {
        ["Secret home-postgres"] = (ResourceTypes.Secret, "home-postgres", """{"stringData":{"password":"known-to-somebody"}}""", CommonReasons.NameConflict),
        ["PersistentVolumeClaim home-postgres-data"] = (ResourceTypes.PersistentVolumeClaim, "home-postgres-data", """{"spec":{"accessModes":["ReadWriteOnce"],"resources":{"requests":{"storage":"1Gi"}}}}""", "PasswordLost"),
        ["Service home-postgres"] = (ResourceTypes.Service, "home-postgres", """{"spec":{"selector":{"app":"mine"},"ports":[{"port":5432}]}}""", CommonReasons.NameConflict),
        ["NetworkPolicy home-postgres"] = (ResourceTypes.NetworkPolicy, "home-postgres", """{"spec":{"podSelector":{},"ingress":[{}]}}""", CommonReasons.NameConflict),
        ["StatefulSet home-postgres"] = (ResourceTypes.StatefulSet, "home-postgres", """{"spec":{"replicas":0,"serviceName":"home","selector":{"matchLabels":{"app":"mine"}},"template":{"metadata":{"labels":{"app":"mine"}},"spec":{"containers":[{"name":"a","image":"none.invalid/a:1"}]}}}}""", CommonReasons.NameConflict),
    };

    public static TheoryData<string> All => [.. Strangers.Keys];

    public static TheoryData<string> OfManagedDatabase => [.. DatabaseStrangers.Keys];

    [Theory]
    [MemberData(nameof(All))]
    public async Task A_stranger_of_a_needed_name_is_named_in_a_condition_left_alone_and_gives_way_when_it_is_removed(string stranger)
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (type, name, content, condition) = Strangers[stranger];
        await MakeAsync(ns, type, name, content);
        var before = await StrangerAsync(ns, type, name);

        // A Deployment is in the way of pods, and of nothing else.
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", type == ResourceTypes.Deployment ? 1 : 0)
            .With("web", JsonNode.Parse("""{"host":"a.example.com","webhooks":{"host":"b.example.com"}}""")));
        var seen = await instance.WaitForAsync(condition, "False", CommonReasons.NameConflict);

        var message = TestInstance.Of(seen, ConditionTypes.Ready)!.Message;
        message.ShouldContain(type.Kind);
        message.ShouldContain(name);
        (await StrangerAsync(ns, type, name)).ShouldBe(before);

        await Bed.Objects.DeleteAsync(type, ns.Name, name);
        await instance.WaitForAsync(i => i.Status!.Conditions.All(c => c.Reason != CommonReasons.NameConflict) && TestInstance.Of(i, ConditionTypes.DatabaseReady)!.Status == "True", "the end of the conflict");
    }

    [Theory]
    [MemberData(nameof(OfManagedDatabase))]
    public async Task A_stranger_of_a_name_of_the_managed_database_is_left_alone_too(string stranger)
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var (type, name, content, reason) = DatabaseStrangers[stranger];
        await MakeAsync(ns, type, name, content);
        var before = await StrangerAsync(ns, type, name);

        var instance = await Bed.CreateAsync(ns, InstanceBuilder.Managed().With("replicas", 0));
        await instance.WaitForAsync(ConditionTypes.DatabaseReady, "False", reason);

        (await StrangerAsync(ns, type, name)).ShouldBe(before);
    }

    [Fact]
    public async Task Forged_labels_and_owner_references_make_nothing_ours()
    {
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var forged = JsonNode.Parse($$$"""
            {"metadata":{"labels":{"{{{WireNames.InstanceLabel}}}":"home","{{{WireNames.ManagedByLabel}}}":"{{{WireNames.ManagedByValue}}}"},
             "ownerReferences":[{"apiVersion":"{{{WireNames.ApiVersion}}}","kind":"FamilyAssistantInstance","name":"home","uid":"00000000-0000-4000-8000-000000000000","controller":true}]},
             "stringData":{"DATABASE_URL":"postgresql+asyncpg://evil/x"}}
            """)!.AsObject();
        forged["metadata"]!["name"] = "home-database";

        // The owner must exist, or the garbage collector takes the forgery for an orphan: the reference names another instance's UID.
        var other = await Bed.CreateAsync(ns, InstanceBuilder.Nowhere().Named("other").With("replicas", 0));
        forged["metadata"]!["ownerReferences"]![0]!["name"] = "other";
        forged["metadata"]!["ownerReferences"]![0]!["uid"] = (await other.ReadAsync()).Metadata.Uid;
        await Bed.Objects.CreateAsync(ResourceTypes.Secret, ns.Name, forged);
        var before = await StrangerAsync(ns, ResourceTypes.Secret, "home-database");

        await Bed.Objects.CreateAsync(TestInstance.Type, ns.Name, InstanceBuilder.External("127.0.0.1", 1, $"nowhere_{Guid.NewGuid():N}").With("replicas", 0).Manifest);
        var instance = new TestInstance(Bed, ns.Name, "home");
        await instance.WaitForAsync(ConditionTypes.DatabaseReady, "False", CommonReasons.NameConflict);

        (await StrangerAsync(ns, ResourceTypes.Secret, "home-database")).ShouldBe(before);
    }

    private Task<JsonObject> MakeAsync(TestNamespace ns, ResourceType type, string name, string content)
    {
        var whole = JsonNode.Parse(content)!.AsObject();
        whole["metadata"] = new JsonObject { ["name"] = name };
        return Bed.Objects.CreateAsync(type, ns.Name, whole);
    }

    /// <summary>All that the operator could have changed: everything but what controllers of Kubernetes report.</summary>
    private async Task<string> StrangerAsync(TestNamespace ns, ResourceType type, string name)
    {
        var found = await Bed.Objects.GetAsync(type, ns.Name, name);
        var managers = (found["metadata"]!["managedFields"] as JsonArray ?? []).Select(entry => entry!["manager"]!.GetValue<string>());
        managers.ShouldNotContain(WireNames.FieldManager);
        return SettledPicture.Of(found);
    }
}
