using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

public sealed class TelegramStepTests
{
    private readonly TelegramWorld _world = new();

    [Fact]
    public async Task A_token_is_claimed_and_then_handed_out_and_a_settled_instance_asks_nobody()
    {
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(TelegramReasons.ClaimHeld);
        _world.Holder().ShouldBe(_world.Me);
        _world.Fenced.ShouldBe(TelegramWorld.Token);
        _world.Cluster.Look(ResourceTypes.Secret, TelegramWorld.FenceKey)!.ControllerUid.ShouldBe(_world.World.Pass().Source.Uid);
        _world.World.Events.Reasons.ShouldBe(["BotClaimed"]);

        _world.Run();
        _world.Cluster.Requests.Clear();
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_token_nothing_is_asked_and_nothing_made()
    {
        _world.SetSecret(("OPENROUTER_API_KEY", "k"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(TelegramReasons.NoBot);
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Another_instances_bot_is_waited_for_and_the_holder_named_only_in_the_same_namespace()
    {
        _world.PutClaim(_world.PutOther("home", "first"));
        var outcome = (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(TelegramReasons.ClaimedByAnother);
        outcome.Message.ShouldContain("instance first");
        outcome.StopsBecause.ShouldNotBeNull();
        _world.Fenced.ShouldBeNull();

        _world.PutClaim(_world.PutOther("secret-ns", "theirs"));
        var hidden = await _world.RunAsync();
        hidden.Message.ShouldContain("an instance in another namespace");
        hidden.Message.ShouldNotContain("secret-ns");
        hidden.Message.ShouldNotContain("theirs");
        Status(hidden).HeldBy.ShouldBe("another namespace");

        var shown = await _world.RunAsync(showHolders: true);
        shown.Message.ShouldContain("secret-ns/theirs");
        Status(shown).HeldBy.ShouldBe("secret-ns/theirs");
    }

    [Fact]
    public async Task To_wait_for_a_claim_that_the_cache_knows_costs_no_request_but_the_look_for_pods()
    {
        _world.PutClaim(_world.PutOther("home", "first"));
        await _world.RunAsync();
        _world.Cluster.Writes.ShouldBeEmpty();
        _world.Cluster.Requests.ShouldAllBe(request => !request.Contains("Lease"));
    }

    [Theory]
    [InlineData(TelegramWorld.SameBot)]
    [InlineData(TelegramWorld.OtherBot)]
    public async Task A_changed_token_is_handed_out_only_after_the_last_pod_of_before_is_gone(string token)
    {
        await _world.RunAsync();
        _world.Run();
        _world.SetSecret(("TELEGRAM_BOT_TOKEN", token));

        var stop = await _world.RunAsync();
        stop.Reason.ShouldBe(TelegramReasons.TokenChanged);
        stop.StopsBecause.ShouldNotBeNull();
        _world.Fenced.ShouldBe(TelegramWorld.Token);

        _world.Run(replicas: 0);
        Pods.Put(_world.World, Pods.Ready);
        (await _world.RunAsync()).StopsBecause.ShouldNotBeNull("the pod is still ending");
        _world.Fenced.ShouldBe(TelegramWorld.Token);

        _world.End();
        (await _world.SettleAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Fenced.ShouldBe(token);
        _world.Holder(token.Split(':')[0]).ShouldBe(_world.Me);
        if (token == TelegramWorld.OtherBot)
        {
            _world.Holder().ShouldBeNull("the bot of before is free");
        }
    }

    [Fact]
    public async Task A_removed_token_frees_the_bot()
    {
        await _world.RunAsync();
        _world.Run();
        _world.SetSecret(("OPENROUTER_API_KEY", "k"));
        (await _world.RunAsync()).StopsBecause.ShouldNotBeNull();
        _world.End();
        (await _world.SettleAsync()).Reason.ShouldBe(TelegramReasons.NoBot);
        _world.Holder().ShouldBeNull();
        _world.Cluster.Look(ResourceTypes.Secret, TelegramWorld.FenceKey).ShouldBeNull();
        _world.World.Events.Reasons.ShouldBe(["BotClaimed", "BotReleased"]);
    }

    [Fact]
    public async Task A_changed_list_is_changed_in_place_and_in_its_normal_form()
    {
        _world.World.EditSpec(("telegram", "null"));
        _world.SetSecret(("TELEGRAM_BOT_TOKEN", TelegramWorld.Token), ("ALLOWED_CHAT_IDS", " 1 , 2\n"));
        await _world.RunAsync();
        _world.FencedValue("ALLOWED_USER_IDS").ShouldBe("1,2");
        _world.Run();
        var uid = _world.Cluster.Look(ResourceTypes.Secret, TelegramWorld.FenceKey)!.Uid;

        _world.SetSecret(("TELEGRAM_BOT_TOKEN", TelegramWorld.Token), ("ALLOWED_CHAT_IDS", "3"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.FencedValue("ALLOWED_USER_IDS").ShouldBe("3");
        _world.Cluster.Look(ResourceTypes.Secret, TelegramWorld.FenceKey)!.Uid.ShouldBe(uid);
    }

    [Fact]
    public async Task A_stopped_holder_keeps_its_bot()
    {
        await _world.RunAsync();
        _world.Run(replicas: 0);
        _world.World.EditSpec(("replicas", "0"));
        _world.Cluster.Requests.Clear();
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(TelegramReasons.ClaimHeld);
        _world.Cluster.Requests.ShouldBeEmpty();
        _world.Holder().ShouldBe(_world.Me);
    }

    [Fact]
    public async Task Paused_writes_nothing()
    {
        _world.World.Annotate(WireNames.PausedAnnotation);
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(CommonReasons.Paused);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    private static TelegramStatus Status(StepOutcome outcome) => outcome.Report!(new InstanceStatus()).Telegram!;
}
