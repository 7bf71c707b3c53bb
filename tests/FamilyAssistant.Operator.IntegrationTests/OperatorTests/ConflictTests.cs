using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A poller that nobody here started is told of, and where it may be; the instance goes on, and the word goes with the poller.</summary>
public sealed class ConflictTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 4901;
    private const string Elsewhere = "elsewhere";

    [Fact]
    public async Task A_poller_outside_is_told_although_the_application_says_that_it_is_well_and_its_end_ends_that_without_a_restart()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot));
        await instance.WaitUntilReadyAsync();
        var running = await instance.IncarnationAsync();
        await using (Bed.Cluster.Telegram.StartForeignPoller(InstanceBuilder.TokenOf(Bot), Elsewhere))
        {
            var seen = await instance.WaitForAsync(ConditionTypes.TelegramExclusive, "False");

            var exclusive = TestInstance.Of(seen, ConditionTypes.TelegramExclusive)!;
            exclusive.Message.ShouldContain($"bot {Bot}");
            exclusive.Message.ShouldContain("telegram.error.Conflict");
            // Other tests run pods that look like the application in namespaces of theirs: which of the two is said depends on them.
            exclusive.Reason.ShouldBeOneOf("ConflictOutside", "ConflictInCluster");
            TestInstance.Of(seen, ConditionTypes.AppHealthy)!.ShouldSatisfyAllConditions(
                condition => condition.Status.ShouldBe("False"),
                condition => condition.Reason.ShouldBe("TelegramConflict"));
            TestInstance.Of(seen, ConditionTypes.Stalled).ShouldBeNull();
            seen.Status!.Phase.ShouldBe("Degraded");
            (await instance.HealthAsync()).Code.ShouldBe(200);
            await instance.WaitForEventAsync("TelegramConflict", $"bot {Bot}");
        }

        await instance.WaitUntilReadyAsync();
        await instance.WaitForEventAsync("TelegramConflictOver");
        (await instance.IncarnationAsync()).ShouldBe(running, "nothing was restarted");
        await instance.ShouldHaveToldOnceAsync();
    }

    [Fact]
    public async Task A_manual_installation_that_is_scaled_up_beside_a_running_instance_is_named_and_with_the_annotation_taken_over()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var manual = new ManualInstallation(Bed, ns, await ExternalDatabase.CreateAsync(Bed), Bot + 2);
        await manual.CreateAsync(replicas: 0);
        var instance = await manual.ApplySampleAsync();
        await instance.WaitUntilReadyAsync();
        await instance.AnnotateAsync(WireNames.AdoptAnnotation, null);
        var running = await instance.IncarnationAsync();

        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "scale", $"deployment/{ManualInstallation.Name}", "--replicas=1")).OutputOrThrow("kubectl scale");

        var seen = await instance.WaitForAsync(ConditionTypes.TelegramExclusive, "False", "ConflictInCluster");
        var message = TestInstance.Of(seen, ConditionTypes.TelegramExclusive)!.Message;
        message.ShouldContain($"of Deployment {ManualInstallation.Name} in namespace {ns.Name}");
        message.Split("in namespace").Length.ShouldBe(2, "what other tests run elsewhere is not named here");
        (await instance.IncarnationAsync()).ShouldBe(running);

        await instance.AnnotateAsync(WireNames.AdoptAnnotation, "true");
        await instance.WaitForEventAsync("ManualInstallationStopped", "scaled up beside the running instance");
        await instance.WaitUntilReadyAsync();
        (await manual.ReplicasAsync()).ShouldBe(0);
        (await instance.IncarnationAsync()).ShouldBe(running, "the operator started no poller meanwhile");
        Bed.Cluster.Telegram.Pollers(Bot + 2).Count.ShouldBe(2);
    }
}

/// <summary>What the events say of a conflict.</summary>
internal static class ConflictEvents
{
    /// <summary>One event for its begin and one for its end.</summary>
    public static async Task ShouldHaveToldOnceAsync(this TestInstance instance)
    {
        await instance.WaitForEventAsync("TelegramConflictOver");
        var events = (await instance.EventsAsync()).Where(e => e.Action == "Observe").ToList();
        events.Select(e => e.Reason).ShouldBe(["TelegramConflict", "TelegramConflictOver"], ignoreOrder: true);
        events.ShouldAllBe(e => e.Series == null, "each once");
    }
}
