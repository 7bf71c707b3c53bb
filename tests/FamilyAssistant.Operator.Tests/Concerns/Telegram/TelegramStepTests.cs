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

    [Fact]
    public async Task A_fence_that_somebody_deleted_is_made_again_without_a_stop()
    {
        await _world.RunAsync();
        _world.Run();
        _world.Cluster.Drop(ResourceTypes.Secret, TelegramWorld.FenceKey);
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Fenced.ShouldBe(TelegramWorld.Token);
    }

    [Fact]
    public async Task A_token_that_somebody_put_into_the_fence_by_hand_goes_again_with_what_may_have_it()
    {
        await _world.RunAsync();
        _world.Run();
        _world.Cluster.Edit(ResourceTypes.Secret, TelegramWorld.FenceKey, $$"""{"data": {"TELEGRAM_BOT_TOKEN": "{{Convert.ToBase64String(System.Text.Encoding.UTF8.GetBytes(TelegramWorld.OtherBot))}}"} }""");
        (await _world.RunAsync()).StopsBecause.ShouldNotBeNull();
        _world.End();
        (await _world.SettleAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Fenced.ShouldBe(TelegramWorld.Token);
    }

    [Fact]
    public async Task A_claim_that_was_given_away_by_hand_stops_what_runs()
    {
        await _world.RunAsync();
        _world.Run();
        _world.PutClaim(_world.PutOther("home", "first"));
        var lost = await _world.RunAsync();
        lost.Reason.ShouldBe(TelegramReasons.ClaimLost);
        lost.StopsBecause.ShouldNotBeNull();
        _world.End();
        (await _world.SettleAsync()).Reason.ShouldBe(TelegramReasons.ClaimedByAnother);
        _world.Fenced.ShouldBeNull();
        _world.Holder()!.ShouldStartWith("home/first/");
    }

    [Fact]
    public async Task A_claim_that_was_deleted_by_hand_is_made_again_while_the_pod_runs()
    {
        await _world.RunAsync();
        _world.Run();
        _world.Cluster.Drop(ResourceTypes.Lease, TelegramWorld.Lease(TelegramWorld.Bot));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Holder().ShouldBe(_world.Me);
    }

    [Fact]
    public async Task Pods_that_were_started_without_a_claim_end_before_it_is_taken()
    {
        _world.Run();
        var stop = await _world.RunAsync();
        stop.Reason.ShouldBe(TelegramReasons.StartedUnclaimed);
        stop.StopsBecause.ShouldNotBeNull();
        _world.Holder().ShouldBeNull();
        _world.End();
        (await _world.SettleAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task The_claim_of_an_earlier_instance_of_the_same_name_is_moved()
    {
        _world.PutClaim("home/fa/earlier");
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Holder().ShouldBe(_world.Me);
    }

    [Fact]
    public async Task The_claim_of_an_instance_that_is_gone_is_moved_when_nothing_of_it_is_left()
    {
        _world.PutClaim(_world.PutOther("away", "old", exists: false));
        _world.Cluster.Put(ResourceTypes.Pod, $$"""{"metadata": {"name": "old-0", "namespace": "away", "labels": {"{{WireNames.InstanceLabel}}": "old", "{{WireNames.ComponentLabel}}": "app"} } }""");
        var left = await _world.RunAsync();
        left.Reason.ShouldBe(TelegramReasons.ClaimLeftBehind);
        left.Message.ShouldNotContain("away");
        left.Message.ShouldNotContain("old-telegram");

        _world.Cluster.Drop(ResourceTypes.Pod, new ObjectKey("away", "old-0"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Holder().ShouldBe(_world.Me);
    }

    [Fact]
    public async Task What_cannot_be_seen_of_a_holder_counts_as_there_and_its_namespace_is_not_told()
    {
        _world.PutClaim(_world.PutOther("away", "old", exists: false));
        _world.Cluster.Fail = request => request.StartsWith("get FamilyAssistantInstance away", StringComparison.Ordinal) ? FakeCluster.Error(System.Net.HttpStatusCode.Forbidden, "in namespace away") : null;
        var outcome = await _world.RunAsync();
        outcome.Reason.ShouldBe(TelegramReasons.ClaimedByAnother);
        outcome.Message.ShouldNotContain("away");
    }

    [Fact]
    public async Task A_lease_of_somebody_else_is_not_touched()
    {
        _world.PutClaim("a-controller-of-another-kind");
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(TelegramReasons.ClaimUnreadable);
        _world.Holder().ShouldBe("a-controller-of-another-kind");
    }

    [Fact]
    public async Task A_Secret_of_somebody_else_in_the_place_of_the_fence_is_not_touched()
    {
        _world.World.Secret("fa-telegram", ("mine", "x"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(CommonReasons.NameConflict);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_late_cache_of_the_Secret_claims_nothing()
    {
        _world.Cluster.StaleInCache[InstanceWorld.Key("keys")] = _world.Cluster.Look(ResourceTypes.Secret, InstanceWorld.Key("keys"))!;
        _world.SetSecret(("TELEGRAM_BOT_TOKEN", TelegramWorld.OtherBot));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().CheckAfter.ShouldBe(TimeSpan.Zero, "the pass is run again with what the Secret says now");
        _world.Holder().ShouldBeNull();
        await _world.RunAsync();
        _world.Fenced.ShouldBe(TelegramWorld.OtherBot);
    }

    [Fact]
    public async Task Reaping_asks_nothing_where_the_caches_know_of_no_claim_and_waits_for_what_is_left()
    {
        var step = _world.World.TelegramStep();
        (await step.ReapAsync(new ObjectKey("away", "old"), TestContext.Current.CancellationToken)).ShouldBeFalse();
        _world.Cluster.Requests.ShouldBeEmpty();

        _world.PutClaim("away/old/gone");
        _world.Cluster.Put(ResourceTypes.Secret, $$"""{"metadata": {"name": "old-telegram", "namespace": "away", "labels": {"{{WireNames.InstanceLabel}}": "old", "{{WireNames.ManagedByLabel}}": "{{WireNames.ManagedByValue}}"} } }""");
        (await step.ReapAsync(new ObjectKey("away", "old"), TestContext.Current.CancellationToken)).ShouldBeTrue();
        _world.Holder().ShouldBe("away/old/gone");

        _world.Cluster.Drop(ResourceTypes.Secret, new ObjectKey("away", "old-telegram"));
        (await step.ReapAsync(new ObjectKey("away", "old"), TestContext.Current.CancellationToken)).ShouldBeFalse();
        _world.Holder().ShouldBeNull();
    }

    [Fact]
    public void A_change_of_a_claim_concerns_its_holder_and_those_who_wait_for_it()
    {
        var waiters = new TelegramWaiters();
        waiters.Add(new ObjectKey("home", "waits"), TelegramWorld.Lease(TelegramWorld.Bot));
        waiters.Add(new ObjectKey("home", "other"), TelegramWorld.Lease("9"));
        waiters.Add(new ObjectKey("home", "had"), TelegramWorld.Lease(TelegramWorld.Bot));
        waiters.Remove(new ObjectKey("home", "had"));
        _world.PutClaim("home/holds/uid");
        waiters.KeysOf(_world.Cluster, _world.Cluster.Look(ResourceTypes.Lease, TelegramWorld.Lease(TelegramWorld.Bot))!)
            .ShouldBe([new ObjectKey("home", "waits"), new ObjectKey("home", "holds")]);
    }

    private static TelegramStatus Status(StepOutcome outcome) => outcome.Report!(new InstanceStatus()).Telegram!;
}
