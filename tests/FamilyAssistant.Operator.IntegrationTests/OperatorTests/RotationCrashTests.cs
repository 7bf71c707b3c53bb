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

            var crashed = await CrashAfterAsync(instance, operation, last);
            if (crashed)
            {
                await using var successor = await own.StartOperatorAsync($"after-rotation-{last}");
                Bed.Operator = successor;
                await EndAsync(instance, operation);
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

    /// <summary>Runs an operator and kills it behind its write of this number; false when everything was done with fewer.</summary>
    private async Task<bool> CrashAfterAsync(TestInstance instance, TestOperation operation, int last)
    {
        await using var gate = await WriteGate.StartAsync(Bed.Cluster.Access, Bed.Cluster.DataDirectory, instance.Namespace, last);
        await using var victim = await own.StartOperatorAsync($"victim-{operation.Name}", through: gate);
        Bed.Operator = victim;
        var done = EndAsync(instance, operation);
        if (await Task.WhenAny(gate.Reached, done) == done)
        {
            await done;
            return false;
        }

        victim.Kill();
        // The end may be reached although the operator never heard of its last write; whether it is, the successor shows.
        _ = done.ContinueWith(static task => task.Exception, TaskScheduler.Default);
        return true;
    }

    private static async Task EndAsync(TestInstance instance, TestOperation operation)
    {
        await operation.WaitUntilSucceededAsync();
        await instance.WaitUntilReadyAsync();
        await instance.WaitForAsync(async () => (await instance.ReadAsync()).Metadata.Annotations?.ContainsKey(WireNames.OperationAnnotation) != true, "the end of the turn");
    }

    private async Task<string> KeysAsync(TestNamespace ns) => (await Bed.Objects.GetAsync(ResourceTypes.Secret, ns.Name, Generated))["data"]![GeneratedKeys.VapidPrivate]!.GetValue<string>();
}
