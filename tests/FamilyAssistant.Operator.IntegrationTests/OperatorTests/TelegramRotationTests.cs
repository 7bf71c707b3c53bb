using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>The token is edited in the Secret: stop, until the last pod is gone, then start; and nothing at all when it is no token.</summary>
public sealed class TelegramRotationTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 5201;

    [Fact]
    public async Task A_new_token_of_the_same_bot_is_taken_up_by_a_pod_that_starts_after_the_old_one_is_gone()
    {
        await using var ns = await RequireAsync();
        var instance = await CreateAsync(ns, Bot);
        var fresh = $"{Bot}:{new string('N', 35)}";

        await RotateAsync(instance, fresh);

        await instance.WaitForAsync(async () => await FencedAsync(instance) == fresh, "the new token");
        await instance.WaitUntilReadyAsync();
        await OneAfterTheOtherAsync(instance, Bot);
    }

    [Fact]
    public async Task The_token_of_another_bot_frees_the_first_one()
    {
        await using var ns = await RequireAsync();
        var instance = await CreateAsync(ns, Bot + 1);

        await RotateAsync(instance, InstanceBuilder.TokenOf(Bot + 2));

        await instance.WaitForAsync(seen => seen.Status!.Telegram!.Claim == $"telegram-bot-{Bot + 2}" && TestInstance.Of(seen, ConditionTypes.Ready)?.Status == "True", "the other bot");
        await instance.WaitForEventAsync("BotReleased", $"{Bot + 1}");
        (await Bed.Objects.FindAsync(ResourceTypes.Lease, OperatorNames.Namespace, $"telegram-bot-{Bot + 1}")).ShouldBeNull();
        Bed.Cluster.Telegram.Pollers(Bot + 1).Count.ShouldBe(1);
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot + 1 || overlap.BotId == Bot + 2);
    }

    [Fact]
    public async Task Without_its_token_the_instance_serves_the_web_alone_and_with_one_it_polls_again()
    {
        await using var ns = await RequireAsync();
        var instance = await CreateAsync(ns, Bot + 3);

        await RotateAsync(instance, null);
        await instance.WaitForAsync(ConditionTypes.AppHealthy, "True", "WebOnly");
        (await Bed.Objects.FindAsync(ResourceTypes.Secret, ns.Name, "home-telegram")).ShouldBeNull();

        await RotateAsync(instance, InstanceBuilder.TokenOf(Bot + 3));
        await instance.WaitForAsync(ConditionTypes.AppHealthy, "True", "Polling");
        await instance.WaitUntilReadyAsync();
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot + 3);
        Bed.Cluster.Telegram.ConflictCount(Bot + 3).ShouldBe(0);
    }

    [Fact]
    public async Task What_is_no_token_leaves_the_running_pod_and_its_token_alone_and_is_never_quoted()
    {
        await using var ns = await RequireAsync();
        var instance = await CreateAsync(ns, Bot + 4);
        var running = await instance.IncarnationAsync();

        await RotateAsync(instance, "canary-that-is-no-token");

        var seen = await instance.WaitForAsync(ConditionTypes.SecretsValid, "False", "InvalidToken");
        (await instance.IncarnationAsync()).ShouldBe(running);
        (await FencedAsync(instance)).ShouldBe(InstanceBuilder.TokenOf(Bot + 4));
        (await instance.EverythingSaidAsync()).ShouldNotContain("canary-that-is-no-token");
        seen.Status!.Phase.ShouldBe("Degraded");

        // A crash now must not bring the bad value into the container either.
        Bed.Cluster.Node.KillContainer(ns.Name, "home-0", "family-assistant").ShouldBeTrue();
        await instance.WaitForAsync(async () => (await instance.PodAsync()).Status.ContainerStatuses.Any(container => container is { RestartCount: > 0, Ready: true }), "the container again");
        (await instance.StateAsync()).ToJsonString().ShouldContain(Hash(InstanceBuilder.TokenOf(Bot + 4)));
        Bed.Cluster.Telegram.ConflictCount(Bot + 4).ShouldBe(0);
    }

    [Fact]
    public async Task A_changed_list_of_users_in_the_Secret_is_one_rollout_and_no_new_claim()
    {
        await using var ns = await RequireAsync();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed))
            .WithSecret(InstanceBuilder.KeysSecret, ("TELEGRAM_BOT_TOKEN", InstanceBuilder.TokenOf(Bot + 5)), ("ALLOWED_CHAT_IDS", " 4711 , 4712")));
        await instance.WaitUntilReadyAsync();
        var claim = await Bed.Objects.GetAsync(ResourceTypes.Lease, OperatorNames.Namespace, $"telegram-bot-{Bot + 5}");
        (await instance.StateAsync()).ToJsonString().ShouldContain(Hash("4711,4712"));
        var before = instance.PodsSoFar();

        await instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("ALLOWED_CHAT_IDS", "4711"));

        await instance.WaitForAsync(() => Task.FromResult(instance.PodsSoFar() == before + 1), "another pod");
        await instance.WaitUntilReadyAsync();
        (await instance.StateAsync()).ToJsonString().ShouldContain(Hash("4711"));
        (await Bed.Objects.GetAsync(ResourceTypes.Lease, OperatorNames.Namespace, $"telegram-bot-{Bot + 5}"))["metadata"]!["uid"]!.GetValue<string>().ShouldBe(claim["metadata"]!["uid"]!.GetValue<string>());
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot + 5);
    }

    private async Task<TestNamespace> RequireAsync()
    {
        RequirePods();
        RequireOwnCluster();
        return await Bed.CreateNamespaceAsync();
    }

    private async Task<TestInstance> CreateAsync(TestNamespace ns, long bot)
    {
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).WithBot(bot));
        await instance.WaitUntilReadyAsync();
        return instance;
    }

    private static Task RotateAsync(TestInstance instance, string? token) => instance.SetSecretAsync(InstanceBuilder.KeysSecret, ("TELEGRAM_BOT_TOKEN", token));

    private async Task<string?> FencedAsync(TestInstance instance) =>
        (await Bed.Objects.FindAsync(ResourceTypes.Secret, instance.Namespace, "home-telegram"))?["data"]?["TELEGRAM_BOT_TOKEN"]?.GetValue<string>() is { } value
            ? System.Text.Encoding.UTF8.GetString(Convert.FromBase64String(value))
            : null;

    private async Task OneAfterTheOtherAsync(TestInstance instance, long bot)
    {
        await instance.WaitForAsync(() => Task.FromResult(Bed.Cluster.Telegram.Pollers(bot).Count == 2), "the second poller");
        var runs = Bed.Cluster.Node.ContainerRuns.Where(run => run.Namespace == instance.Namespace && run.Pod == "home-0").ToArray();
        runs.Length.ShouldBe(2);
        runs[0].Overlaps(runs[1]).ShouldBeFalse();
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == bot);
        Bed.Cluster.Telegram.ConflictCount(bot).ShouldBe(0);
    }

    private static string Hash(string text) => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(text)));
}
