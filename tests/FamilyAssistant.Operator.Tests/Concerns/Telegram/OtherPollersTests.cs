using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Telegram;

/// <summary>Before a start: who else in the namespace has the token.</summary>
public sealed class OtherPollersTests
{
    private const string FromSecret = """{"name": "x", "envFrom": [{"secretRef": {"name": "keys"}}]}""";
    private const string FromKey = """{"name": "x", "env": [{"name": "T", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "TELEGRAM_BOT_TOKEN"}}}]}""";
    private const string OtherKey = """{"name": "x", "env": [{"name": "K", "valueFrom": {"secretKeyRef": {"name": "keys", "key": "OPENROUTER_API_KEY"}}}]}""";
    private const string OtherSecret = """{"name": "x", "envFrom": [{"secretRef": {"name": "theirs"}}]}""";
    private const string Nothing = """{"name": "x"}""";

    private readonly TelegramWorld _world = new();

    [Theory]
    [InlineData(FromSecret, "", true)]
    [InlineData(FromKey, "", true)]
    [InlineData(OtherKey, "", false)]
    [InlineData(OtherSecret, "", false)]
    [InlineData(OtherSecret, "fa", true)]
    [InlineData(Nothing, "fa", false)]
    public async Task A_pod_that_may_have_the_token_is_waited_for(string container, string app, bool waits)
    {
        Put(container, app);
        var outcome = await _world.RunAsync();
        (outcome.Reason == TelegramReasons.ManualPollerRunning).ShouldBe(waits);
        (_world.Holder() is null).ShouldBe(waits, "nothing is claimed while somebody else may poll");
    }

    [Fact]
    public async Task An_init_container_counts_and_the_message_names_the_pods_controller()
    {
        _world.Cluster.Put(ResourceTypes.Pod, $$"""
            {"metadata": {"name": "m-1", "namespace": "home", "ownerReferences": [{"kind": "ReplicaSet", "name": "m-5f", "uid": "u", "controller": true}]},
             "spec": {"initContainers": [{{FromKey}}], "containers": [{{Nothing}}]}, "status": {"phase": "Running"} }
            """);
        (await _world.RunAsync()).Message.ShouldContain("m-1 (ReplicaSet m-5f)");
    }

    [Fact]
    public async Task A_terminating_pod_is_waited_for_and_one_that_is_over_is_not()
    {
        Put(FromSecret, "", phase: "Failed");
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();

        var terminating = new TelegramWorld();
        Put(FromSecret, "fa", world: terminating);
        terminating.Cluster.Edit(ResourceTypes.Pod, InstanceWorld.Key("m-1"), """{"metadata": {"finalizers": ["x"], "deletionTimestamp": "2026-11-23T12:00:00Z"}}""");
        (await terminating.RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().CheckAfter.ShouldBe(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task A_takeover_that_is_still_to_be_done_needs_the_gate_open_and_after_it_the_pods_are_waited_for()
    {
        _world.World.Annotate(WireNames.AdoptAnnotation);
        Sets.PutManualDeployment(_world.World);
        Put(FromSecret, "fa");
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();

        _world.Cluster.Edit(ResourceTypes.Deployment, InstanceWorld.Key("fa"), """{"spec": {"replicas": 0} }""");
        (await _world.RunAsync()).Reason.ShouldBe(TelegramReasons.ManualPollerRunning);
        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("m-1"));
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task A_start_after_a_stop_looks_again_and_a_running_instance_does_not()
    {
        await _world.RunAsync();
        Put(FromSecret, "");
        (await _world.RunAsync()).Reason.ShouldBe(TelegramReasons.ManualPollerRunning);
        _world.Run();
        (await _world.RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    private void Put(string container, string app, string phase = "Running", TelegramWorld? world = null) => (world ?? _world).Cluster.Put(ResourceTypes.Pod, $$"""
        {"metadata": {"name": "m-1", "namespace": "home", "labels": {"app": "{{app}}"} }, "spec": {"containers": [{{container}}]}, "status": {"phase": "{{phase}}"} }
        """);
}
