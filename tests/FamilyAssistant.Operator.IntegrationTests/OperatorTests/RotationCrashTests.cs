using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The operator dies behind each write of a rotation, one after the other, and never hears of that write. Its successor finishes it, and the keys were made anew exactly once.</summary>
[Collection(OwnClusterCollection.Name)]
public sealed class RotationCrashTests(OwnCluster own)
{
    /// <summary>More than there are; the run that needs no crash any more ends the loop.</summary>
    private const int MostWrites = 30;

    private const string Generated = "home-generated";

    private TestBed Bed => own.Bed;

    [Fact]
    public async Task Killed_after_any_write_of_a_rotation_the_operator_finishes_it_and_makes_the_keys_anew_exactly_once()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));
        await using (var first = await own.StartOperatorAsync($"first-{ns}"))
        {
            Bed.Operator = first;
            await instance.WaitUntilReadyAsync();
        }

        for (var last = 1; last <= MostWrites; last++)
        {
            var from = Bed.Cluster.Audit.Position;
            var before = await KeysAsync(ns);
            var operation = await TestOperation.CreateAsync(instance, $"rotate-{last}", "RotateVapidKeys");

            var crashed = await OperationCrash.AfterAsync(own, instance, operation, last);
            if (crashed)
            {
                await using var successor = await own.StartOperatorAsync($"after-rotation-{last}");
                Bed.Operator = successor;
                await OperationCrash.EndAsync(instance, operation);
            }

            (await KeysAsync(ns)).ShouldNotBe(before, $"a crash behind write {last}");
            (await Bed.RequestsAsync(from, ns.Name)).Count(record => record is { Verb: "patch", Resource: "secrets", Name: Generated, Code: < 400 }).ShouldBe(1, $"a crash behind write {last}");
            if (!crashed)
            {
                last.ShouldBeGreaterThan(5, "turn, stages, Secret, StatefulSet and end are writes of their own");
                return;
            }
        }

        Assert.Fail($"still not done after {MostWrites} writes");
    }

    private async Task<string> KeysAsync(TestNamespace ns) => (await Bed.Objects.GetAsync(ResourceTypes.Secret, ns.Name, Generated))["data"]![GeneratedKeys.VapidPrivate]!.GetValue<string>();
}
