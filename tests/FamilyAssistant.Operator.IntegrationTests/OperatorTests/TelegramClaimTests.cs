using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A bot belongs to one instance at a time, and goes from one to the other without two pollers. The stand-in Telegram is the witness.</summary>
public sealed class TelegramClaimTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 5601;

    [Fact]
    public async Task Of_two_instances_with_one_token_one_runs_and_the_other_follows_when_it_is_deleted()
    {
        RequireBots();
        await using var ns = await Bed.CreateNamespaceAsync();
        var first = await CreateAsync(ns, "first", InstanceBuilder.TokenOf(Bot));
        await first.WaitUntilReadyAsync();
        var second = await CreateAsync(ns, "second", InstanceBuilder.TokenOf(Bot));

        var waiting = await second.WaitForAsync(ConditionTypes.TelegramExclusive, "False", "ClaimedByAnother");
        TestInstance.Of(waiting, ConditionTypes.TelegramExclusive)!.Message.ShouldContain("instance first");
        waiting.Status!.Telegram!.HeldBy.ShouldBe($"{ns}/first");
        (await second.PodsAsync()).ShouldBeEmpty();

        await first.DeleteAsync();
        await first.WaitUntilGoneAsync();
        await second.WaitUntilReadyAsync();
        (await second.ReadAsync()).Status!.Telegram!.HeldBy.ShouldBe($"{ns}/second");

        await second.DeleteAsync();
        await second.WaitUntilGoneAsync();
        (await ClaimAsync(Bot)).ShouldBeNull("nobody has it any more");
        await PolledByOneAsync(Bot, pollers: 2);
    }

    [Fact]
    public async Task An_instance_in_another_namespace_is_not_named()
    {
        RequireOwnCluster();
        await using var theirs = await Bed.CreateNamespaceAsync();
        await using var ours = await Bed.CreateNamespaceAsync();
        var holder = await CreateAsync(theirs, "holder", InstanceBuilder.TokenOf(Bot + 1), replicas: 0);
        await holder.WaitUntilReadyAsync();

        var waiting = await (await CreateAsync(ours, "waits", InstanceBuilder.TokenOf(Bot + 1), replicas: 0)).WaitForAsync(ConditionTypes.TelegramExclusive, "False", "ClaimedByAnother");

        var said = string.Join('\n', waiting.Status!.Conditions.Select(condition => condition.Message)) + waiting.Status.Telegram!.HeldBy;
        said.ShouldContain("another namespace");
        said.ShouldNotContain(theirs.Name);
        said.ShouldNotContain("holder");
    }

    [Fact]
    public async Task A_stopped_holder_keeps_its_bot_until_its_token_is_removed()
    {
        RequireBots();
        await using var ns = await Bed.CreateNamespaceAsync();
        var first = await CreateAsync(ns, "first", InstanceBuilder.TokenOf(Bot + 2));
        await first.WaitUntilReadyAsync();
        await first.SetAsync("replicas", 0);
        await first.WaitForAsync(ConditionTypes.Ready, "True", "Stopped");
        var second = await CreateAsync(ns, "second", InstanceBuilder.TokenOf(Bot + 2));
        await second.WaitForAsync(ConditionTypes.TelegramExclusive, "False", "ClaimedByAnother");

        await first.SetSecretAsync(KeysOf("first"), ("TELEGRAM_BOT_TOKEN", null));

        await first.WaitForAsync(ConditionTypes.TelegramExclusive, "True", "NoBot");
        await second.WaitUntilReadyAsync();
        await PolledByOneAsync(Bot + 2, pollers: 2);
    }

    [Fact]
    public async Task Two_instances_swap_their_tokens()
    {
        RequireBots();
        await using var ns = await Bed.CreateNamespaceAsync();
        var (one, two) = (Bot + 3, Bot + 4);
        var first = await CreateAsync(ns, "first", InstanceBuilder.TokenOf(one));
        var second = await CreateAsync(ns, "second", InstanceBuilder.TokenOf(two));
        await first.WaitUntilReadyAsync();
        await second.WaitUntilReadyAsync();

        await first.SetSecretAsync(KeysOf("first"), ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(two)));
        await second.SetSecretAsync(KeysOf("second"), ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(one)));

        await WaitForBotAsync(first, two);
        await WaitForBotAsync(second, one);
        await PolledByOneAsync(one, pollers: 2);
        await PolledByOneAsync(two, pollers: 2);
    }

    [Fact]
    public async Task An_instance_that_is_deleted_and_made_again_has_its_bot_again()
    {
        RequireBots();
        await using var ns = await Bed.CreateNamespaceAsync();
        var builder = InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(Bot + 5);
        var instance = await Bed.CreateAsync(ns, builder);
        await instance.WaitUntilReadyAsync();
        var claim = await ClaimAsync(Bot + 5);

        await instance.DeleteAsync();
        await instance.WaitUntilGoneAsync();
        await Bed.Objects.CreateAsync(TestInstance.Type, ns.Name, builder.Manifest);
        await instance.WaitUntilReadyAsync();

        (await ClaimAsync(Bot + 5)).ShouldNotBe(claim, "it names the new one");
        await PolledByOneAsync(Bot + 5, pollers: 2);
    }

    [Fact]
    public async Task A_claim_that_somebody_deletes_by_hand_is_taken_again_without_a_restart()
    {
        RequireBots();
        await using var ns = await Bed.CreateNamespaceAsync();
        var instance = await CreateAsync(ns, "home", InstanceBuilder.TokenOf(Bot + 6));
        await instance.WaitUntilReadyAsync();
        var running = await instance.IncarnationAsync();
        var claim = await ClaimAsync(Bot + 6);

        await Bed.Objects.DeleteAsync(ResourceTypes.Lease, OperatorNames.Namespace, $"telegram-bot-{Bot + 6}");

        await instance.WaitForAsync(async () => await ClaimAsync(Bot + 6) == claim, "the claim");
        await instance.WaitUntilReadyAsync();
        (await instance.IncarnationAsync()).ShouldBe(running);
    }

    private static string KeysOf(string name) => name + "-keys";

    private void RequireBots()
    {
        RequirePods();
        RequireOwnCluster();
    }

    private async Task<TestInstance> CreateAsync(TestNamespace ns, string name, string token, int replicas = 1)
    {
        var database = await ExternalDatabase.CreateAsync(Bed);
        var credentials = name + "-db";
        return await Bed.CreateAsync(ns, InstanceBuilder.External(database)
            .Named(name).With("replicas", replicas)
            .WithoutSecret(InstanceBuilder.KeysSecret).With("secretRef.name", KeysOf(name)).WithSecret(KeysOf(name), ("TELEGRAM_BOT_TOKEN", token))
            .With("telegram.allowedUsers", new System.Text.Json.Nodes.JsonArray(new System.Text.Json.Nodes.JsonObject { ["id"] = 4711 }))
            .WithoutSecret(InstanceBuilder.DatabaseSecret).With("database.external.credentialsSecretRef.name", credentials).WithSecret(credentials, ("username", database.Name), ("password", database.Password)));
    }

    private static Task<FamilyAssistantInstance> WaitForBotAsync(TestInstance instance, long bot) => instance.WaitForAsync(
        seen => TestInstance.Of(seen, ConditionTypes.Ready)?.Status == "True" && seen.Status!.Telegram!.Claim == $"telegram-bot-{bot}" && seen.Status.Telegram.HeldBy == $"{instance.Namespace}/{instance.Name}",
        $"bot {bot}");

    private async Task<string?> ClaimAsync(long bot) =>
        (await Bed.Objects.FindAsync(ResourceTypes.Lease, OperatorNames.Namespace, $"telegram-bot-{bot}"))?["spec"]!["holderIdentity"]!.GetValue<string>();

    /// <summary>Each of these polled, one after the other, and Telegram never had to tell anybody of a second one.</summary>
    private async Task PolledByOneAsync(long bot, int pollers)
    {
        await Wait.ForAsync(() => Task.FromResult(Bed.Cluster.Telegram.Pollers(bot).Count >= pollers), $"{pollers} pollers of bot {bot}");
        Bed.Cluster.Telegram.Pollers(bot).Count.ShouldBe(pollers);
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == bot);
        Bed.Cluster.Telegram.ConflictCount(bot).ShouldBe(0);
    }
}
