using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>
/// The operator dies behind each write of an operation, one after the other, and never hears of that write. Its successor finishes the operation, and the pods
/// were replaced exactly once: the stand-in for Telegram and the node saw every one that ever was.
/// </summary>
public sealed class OperationCrashTests(OwnNodeCluster own) : IClassFixture<OwnNodeCluster>
{
    private const long Bot = 7201;

    /// <summary>More than there are; the run that needs no crash any more ends the loop.</summary>
    private const int MostWrites = 40;

    private TestBed Bed => own.Bed;

    [Theory]
    [InlineData("Restart", 5)]
    [InlineData("StopStart", 7)]
    public async Task Killed_after_any_write_of_an_operation_the_operator_finishes_it_and_replaces_every_pod_exactly_once(string action, int fewest)
    {
        var bot = action == "Restart" ? Bot : Bot + 1;
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(bot));
        await using (var first = await own.StartOperatorAsync($"first-{ns}"))
        {
            Bed.Operator = first;
            await instance.WaitUntilReadyAsync();
        }

        for (var last = 1; last <= MostWrites; last++)
        {
            var pods = instance.PodsSoFar();
            var from = Bed.Cluster.Audit.Position;
            var operation = await TestOperation.CreateAsync(instance, $"{action.ToLowerInvariant()}-{last}", action);

            var crashed = await CrashAfterAsync(instance, operation, last);
            if (crashed)
            {
                await using var successor = await own.StartOperatorAsync($"after-{action}-{last}");
                Bed.Operator = successor;
                await EndAsync(instance, operation);
            }

            (instance.PodsSoFar() - pods).ShouldBe(1, $"{action}: a crash behind write {last}");
            (await Bed.RequestsAsync(from, ns.Name)).Count(record => record is { Verb: "delete", Resource: "pods", Code: < 400 }).ShouldBe(action == "Restart" ? 1 : 0, $"{action}: a crash behind write {last}");
            Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == bot, $"{action}: a crash behind write {last}");
            Bed.Cluster.Telegram.ConflictCount(bot).ShouldBe(0);
            if (!crashed)
            {
                last.ShouldBeGreaterThan(fewest, "turn, stage, evidence and end are writes of their own");
                return;
            }
        }

        Assert.Fail($"still not done after {MostWrites} writes");
    }

    /// <summary>Runs an operator and kills it behind its write of this number; false when everything was done with fewer.</summary>
    private async Task<bool> CrashAfterAsync(TestInstance instance, TestOperation operation, int last)
    {
        await using var gate = await WriteGate.StartAsync(Bed.Cluster.Access, Bed.Cluster.DataDirectory, instance.Namespace, last);
        // Words about the instance between two writes of the operation change nothing that the operation could depend on.
        gate.Counts = path => !path.EndsWith($"/{instance.Name}/status", StringComparison.Ordinal);
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
}
