using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>What holds a bot to one poller while the operator is dead, and while two of them believe to lead. On a cluster of its own.</summary>
public sealed class TelegramFenceTests : IAsyncLifetime
{
    private const long Bot = 5301;
    private TestBed? _bed;

    private TestBed Bed => _bed ?? throw new InvalidOperationException("the test has not started");

    public async ValueTask InitializeAsync()
    {
        Assert.SkipWhen(Environment.GetEnvironmentVariable("KUBECONFIG_E2E") is { Length: > 0 }, "an existing cluster is not ours to disturb");
        _bed = await TestBed.PrepareAsync(await ClusterFixture.StartClusterAsync(new LocalClusterOptions()));
        TestsThatRan.AddCurrent();
    }

    public async ValueTask DisposeAsync()
    {
        if (_bed is not null)
        {
            _bed.Operator = null;
            var cluster = _bed.Cluster;
            UsedRights.Add(await cluster.Audit.ReadAsync(_bed.AuditStart));
            await _bed.DisposeAsync();
            await cluster.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_container_that_crashes_after_the_Secret_was_edited_has_the_token_of_before_while_no_operator_runs()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var first = await StartAsync("first");
        Bed.Operator = first;
        var mine = await CreateAsync(ns, "mine", Bot);
        var theirs = await CreateAsync(ns, "theirs", Bot + 1);
        await mine.WaitUntilReadyAsync();
        await theirs.WaitUntilReadyAsync();
        first.Kill();

        await mine.SetSecretAsync(KeysOf("mine"), ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(Bot + 1)));
        Bed.Cluster.Node.KillContainer(ns.Name, "mine-0", "family-assistant").ShouldBeTrue();
        await mine.WaitForAsync(() => Task.FromResult(Bed.Cluster.Telegram.Pollers(Bot).Count == 2), "the container to poll the bot of before again");
        Bed.Cluster.Telegram.Pollers(Bot + 1).Count.ShouldBe(1, "the other bot is polled by its holder only");

        await using var second = await StartAsync("second");
        Bed.Operator = second;
        await mine.WaitForAsync(ConditionTypes.TelegramExclusive, "False", "ClaimedByAnother");
        await mine.WaitUntilNoPodAsync();
        await theirs.DeleteAsync();
        await mine.WaitForAsync(seen => TestInstance.Of(seen, ConditionTypes.Ready)?.Status == "True" && seen.Status!.Telegram!.Claim == $"telegram-bot-{Bot + 1}", "the other bot");
        NobodyTwice(Bot, Bot + 1);
    }

    [Fact]
    public async Task Two_operators_that_both_lead_hand_bots_over_without_two_pollers()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        await using var one = await StartAsync("one");
        await using var two = await StartAsync("two");
        Bed.Operator = one;
        var left = await CreateAsync(ns, "left", Bot + 2);
        var right = await CreateAsync(ns, "right", Bot + 3);
        await left.WaitUntilReadyAsync();
        await right.WaitUntilReadyAsync();

        for (var round = 0; round < 2; round++)
        {
            var (forLeft, forRight) = round == 0 ? (Bot + 3, Bot + 2) : (Bot + 2, Bot + 3);
            await left.SetSecretAsync(KeysOf("left"), ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(forLeft)));
            await right.SetSecretAsync(KeysOf("right"), ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(forRight)));
            await WaitForBotAsync(left, forLeft);
            await WaitForBotAsync(right, forRight);
        }

        NobodyTwice(Bot + 2, Bot + 3);
    }

    private static string KeysOf(string name) => name + "-keys";

    private static Task<FamilyAssistantInstance> WaitForBotAsync(TestInstance instance, long bot) => instance.WaitForAsync(
        seen => TestInstance.Of(seen, ConditionTypes.Ready)?.Status == "True" && seen.Status!.Telegram!.HeldBy == $"{instance.Namespace}/{instance.Name}" && seen.Status.Telegram.Claim == $"telegram-bot-{bot}",
        $"bot {bot}");

    private Task<OperatorProcess> StartAsync(string identity) => OperatorProcess.StartAsync(Bed.Cluster, identity, OperatorNames.Namespace, null, ("LEADER_ELECTION", "false"));

    private async Task<TestInstance> CreateAsync(TestNamespace ns, string name, long bot)
    {
        var database = await ExternalDatabase.CreateAsync(Bed);
        var credentials = name + "-db";
        return await Bed.CreateAsync(ns, InstanceBuilder.External(database)
            .Named(name)
            .WithoutSecret(InstanceBuilder.KeysSecret).With("secretRef.name", KeysOf(name)).WithSecret(KeysOf(name), ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(bot)))
            .With("telegram.allowAnyone", true)
            .WithoutSecret(InstanceBuilder.DatabaseSecret).With("database.external.credentialsSecretRef.name", credentials).WithSecret(credentials, ("username", database.Name), ("password", database.Password)));
    }

    private void NobodyTwice(params long[] bots)
    {
        Bed.Cluster.Telegram.Overlaps.Where(overlap => bots.Contains(overlap.BotId)).ShouldBeEmpty();
        bots.ShouldAllBe(bot => Bed.Cluster.Telegram.ConflictCount(bot) == 0);
    }
}
