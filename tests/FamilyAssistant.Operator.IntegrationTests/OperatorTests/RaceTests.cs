using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A stranger makes an object of a needed name at the moment at which the operator makes it, and is faster: no cache can know of it yet.</summary>
[Collection(OwnClusterCollection.Name)]
public sealed class RaceTests(OwnCluster own)
{
    private static readonly Dictionary<string, (ResourceType Type, string Name, string Content)> Strangers = new()
    {
        ["ServiceAccount home"] = (ResourceTypes.ServiceAccount, "home", """{"automountServiceAccountToken":true}"""),
        ["NetworkPolicy home"] = (ResourceTypes.NetworkPolicy, "home", """{"spec":{"podSelector":{},"ingress":[{}]}}"""),
        ["Service home"] = (ResourceTypes.Service, "home", """{"spec":{"selector":{"app":"mine"},"ports":[{"port":81}]}}"""),
        ["StatefulSet home"] = (ResourceTypes.StatefulSet, "home", """{"spec":{"replicas":0,"serviceName":"mine","selector":{"matchLabels":{"app":"mine"}},"template":{"metadata":{"labels":{"app":"mine"}},"spec":{"containers":[{"name":"a","image":"none.invalid/a:1"}]}}}}"""),
        ["Ingress home-web"] = (ResourceTypes.Ingress, "home-web", """{"spec":{"rules":[{"host":"mine.example.com"}]}}"""),
    };

    public static TheoryData<string> Rows => [.. Strangers.Keys];

    [Theory]
    [MemberData(nameof(Rows))]
    public async Task A_stranger_that_is_faster_is_noticed_and_left_alone(string stranger)
    {
        var bed = own.Bed;
        var (type, name, content) = Strangers[stranger];
        await using var ns = await bed.CreateNamespaceAsync();
        await using var gate = await WriteGate.StartAsync(bed.Cluster.Access, bed.Cluster.DataDirectory, ns.Name);
        string? before = null;
        gate.Before = async path =>
        {
            if (path == type.Path(ns.Name, name) && before is null)
            {
                var made = JsonNode.Parse(content)!.AsObject();
                made["metadata"] = new JsonObject { ["name"] = name };
                before = SettledPicture.Of(await bed.Objects.CreateAsync(type, ns.Name, made));
            }
        };
        await using var process = await own.StartOperatorAsync($"racer-{ns}", through: gate);
        bed.Operator = process;

        var instance = await bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(bed)).With("replicas", 0).With("web.host", "a.example.com"));
        var seen = await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "False", CommonReasons.NameConflict);

        TestInstance.Of(seen, ConditionTypes.WorkloadAvailable)!.Message.ShouldContain(name);
        var after = await bed.Objects.GetAsync(type, ns.Name, name);
        SettledPicture.Of(after).ShouldBe(before);
        after["metadata"]!["managedFields"]!.AsArray().ShouldNotContain(entry => entry!["manager"]!.GetValue<string>() == WireNames.FieldManager);
    }
}
