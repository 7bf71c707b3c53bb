using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary><c>replicas: 0</c> while something keeps the gates before the workload closed.</summary>
public sealed class StopTests
{
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();
    private readonly WorkloadStep _step;

    public StopTests() => _step = new WorkloadStep(_world.Cluster, new FakePushSubscriptions(), _world.Events);

    [Fact]
    public async Task An_instance_stops_behind_a_closed_gate_by_the_last_good_template()
    {
        await StartAsync();
        var template = Sets.Json(_world)["spec"]!["template"]!.ToJsonString();
        _world.EditSpec(("replicas", "0"), ("image", "\"ghcr.io/werdnum/family-assistant:20270101_000000\""));

        (await BehindClosedGateAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.Stopping);

        Sets.Json(_world)["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
        Sets.Json(_world)["spec"]!["template"]!.ToJsonString().ShouldBe(template);
        _world.Events.Reasons.ShouldContain("Scaled");
    }

    [Fact]
    public async Task It_is_stopped_when_the_pod_is_gone_and_then_needs_no_request()
    {
        await StartAsync();
        _world.EditSpec(("replicas", "0"));
        await BehindClosedGateAsync();
        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        Sets.Settle(_world, ready: 0);
        _world.Cluster.Requests.Clear();

        var outcome = (await BehindClosedGateAsync()).ShouldBeOfType<StepOutcome.Settled>();

        outcome.Reason.ShouldBe(WorkloadReasons.Stopped);
        outcome.Report!(new InstanceStatus()).Replicas.ShouldBe(0);
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_else_is_done_behind_a_closed_gate()
    {
        await StartAsync();
        _world.EditSpec(("replicas", "2"));
        _world.Cluster.Requests.Clear();

        (await BehindClosedGateAsync()).ShouldBeNull();

        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_stopped_while_paused()
    {
        await StartAsync();
        _world.EditSpec(("replicas", "0"));
        _world.Annotate(WireNames.PausedAnnotation);
        _world.Cluster.Requests.Clear();

        (await BehindClosedGateAsync())!.Reason.ShouldBe(WorkloadReasons.Stopping);

        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_strangers_stateful_set_is_never_stopped()
    {
        var foreign = _world.Cluster.Put(ResourceTypes.StatefulSet, """{"metadata": {"name": "fa", "namespace": "home"}, "spec": {"replicas": 3} }""");
        _world.EditSpec(("replicas", "0"));
        (await BehindClosedGateAsync()).ShouldBeNull();

        // Of a stranger's object the cache keeps no more than the name.
        _world.Cluster.StaleInCache[foreign.Key] = foreign with { Json = default };
        (await BehindClosedGateAsync()).ShouldBeNull();
        (await _step.ExecuteAsync(_world.Pass(), Cancel)).Report!(new InstanceStatus()).Replicas.ShouldBe(0);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    private async Task StartAsync()
    {
        await _step.ExecuteAsync(_world.Pass(), Cancel);
        Pods.Put(_world, Pods.Ready, owner: Sets.Uid(_world));
        Sets.Settle(_world);
    }

    private async Task<StepOutcome?> BehindClosedGateAsync() => await _step.ExecuteBehindClosedGateAsync(_world.Pass(), Cancel);
}
