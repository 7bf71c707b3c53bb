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

            // Words about the instance between two writes of the operation change nothing that the operation could depend on.
            var crashed = await OperationCrash.AfterAsync(own, instance, operation, last, path => !path.EndsWith($"/{instance.Name}/status", StringComparison.Ordinal));
            if (crashed)
            {
                await using var successor = await own.StartOperatorAsync($"after-{action}-{last}");
                Bed.Operator = successor;
                await OperationCrash.EndAsync(instance, operation);
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
}
