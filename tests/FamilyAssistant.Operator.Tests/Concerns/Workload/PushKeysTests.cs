using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary>Other Web Push keys end every subscription: that is told once, with their number, and nothing else is mistaken for it.</summary>
public sealed class PushKeysTests
{
    private static readonly VapidKey Own = VapidKey.Generate();
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();
    private readonly FakePushSubscriptions _subscriptions = new(rows: 3);
    private readonly WorkloadStep _step;

    public PushKeysTests() => _step = new WorkloadStep(_world.Cluster, _subscriptions, _world.Events);

    [Fact]
    public async Task Keys_of_ones_own_are_told_with_the_number_of_subscriptions_that_they_end()
    {
        await RunAsync();
        _subscriptions.Asked.ShouldBeEmpty("the first keys end nothing");
        await UseAsync(Own);

        Told().ShouldBe(["The Web Push keys are others than before. 3 push subscriptions are invalid now: their owners have to subscribe again in the web interface."]);
        _subscriptions.Asked.ShouldBe(["home postgresql+asyncpg://fa:canary@postgres.example.com:5432/mlbot"]);
        await RunAsync();
        Told().Length.ShouldBe(1);
    }

    [Theory]
    [InlineData(null, "unknown number")]
    [InlineData(0L, "Nobody had subscribed")]
    [InlineData(1L, "1 push subscription is")]
    public async Task The_number_may_be_unknown_or_small(long? rows, string says)
    {
        _subscriptions.Rows = rows;
        await RunAsync();
        await UseAsync(Own);
        Told().ShouldHaveSingleItem().ShouldContain(says);
    }

    [Fact]
    public async Task Generated_keys_that_were_made_anew_are_told_too_and_so_is_the_way_back_to_generated_ones()
    {
        await RunAsync();
        _world.Cluster.Edit(ResourceTypes.Secret, InstanceWorld.Key("fa-generated"), """{"data": {"VAPID_PRIVATE_KEY": "b3RoZXI="}}""");
        await RolloutAsync();
        await UseAsync(Own);
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("OPENROUTER_API_KEY", "sk-canary"));
        await RolloutAsync();
        Told().Length.ShouldBe(3);
    }

    [Fact]
    public async Task Another_key_is_not_taken_for_it_and_neither_is_the_other_spelling_of_the_same_one()
    {
        await RunAsync();
        await UseAsync(Own);
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("OPENROUTER_API_KEY", "other"), (GeneratedKeys.VapidPrivate, Own.Private), (GeneratedKeys.VapidPublic, Own.Public));
        await RolloutAsync();
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), (GeneratedKeys.VapidPrivate, Own.Private + "="));
        await RolloutAsync();
        Told().Length.ShouldBe(1);
    }

    [Fact]
    public async Task An_instance_of_an_operator_that_knew_no_fingerprint_gets_one_without_a_rollout_or_a_word()
    {
        await RunAsync();
        var template = Sets.Json(_world)["spec"]!.ToJsonString();
        _world.Cluster.Edit(ResourceTypes.StatefulSet, InstanceWorld.Key("fa"), """{"metadata": {"annotations": {"family-assistant.io/push-keys": null}}}""");
        await RunAsync();
        Fingerprint().ShouldNotBeNull();
        Sets.Json(_world)["spec"]!.ToJsonString().ShouldBe(template);
        Told().ShouldBeEmpty();
    }

    [Fact]
    public void The_fingerprint_is_keyed_and_stands_outside_the_template()
    {
        var inputs = Inputs.Complete();
        var other = inputs with { Generated = Inputs.With(inputs.Generated, GeneratedKeys.HashKey, "another") };
        PushKeys.Fingerprint(inputs).ShouldNotBe(PushKeys.Fingerprint(other));
        PushKeys.Fingerprint(inputs).Length.ShouldBe(32);
    }

    [Fact]
    public async Task The_operation_that_made_keys_anew_is_named_on_the_StatefulSet_outside_the_template()
    {
        await RunAsync();
        _world.Cluster.Edit(ResourceTypes.Secret, InstanceWorld.Key("fa-generated"), """{"metadata": {"annotations": {"family-assistant.io/rotated-by": "op-1"}}}""");
        var template = Sets.Json(_world)["spec"]!.ToJsonString();
        await RunAsync();
        Sets.Json(_world)["metadata"]!["annotations"]![WireNames.RotatedByAnnotation]!.GetValue<string>().ShouldBe("op-1");
        Sets.Json(_world)["spec"]!.ToJsonString().ShouldBe(template);
    }

    private async Task UseAsync(VapidKey key)
    {
        _world.Secret("keys", ("TELEGRAM_BOT_TOKEN", InstanceWorld.Token), ("OPENROUTER_API_KEY", "sk-canary"), (GeneratedKeys.VapidPrivate, key.Private), (GeneratedKeys.VapidPublic, key.Public));
        await RolloutAsync();
    }

    private async Task RolloutAsync()
    {
        await RunAsync();
        _world.Time.Advance(RolloutDebounce.Quiet);
        await RunAsync();
    }

    private Task<StepOutcome> RunAsync() => _step.ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();

    private string[] Told() => [.. _world.Events.Recorded.Where(e => e.Reason == "PushKeysChanged").Select(e => e.Note)];

    private string? Fingerprint() => Sets.Json(_world)["metadata"]!["annotations"]?[WireNames.PushKeysAnnotation]?.GetValue<string>();
}
