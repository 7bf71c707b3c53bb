using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

public sealed class TakeoverTests
{
    private static readonly ObjectKey Key = InstanceWorld.Key("fa");
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();

    [Fact]
    public async Task A_running_Deployment_of_that_name_is_a_conflict_without_the_annotation()
    {
        Sets.PutManualDeployment(_world);
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(CommonReasons.NameConflict);
        outcome.Message.ShouldContain(WireNames.AdoptAnnotation);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_stopped_Deployment_is_in_nobodys_way()
    {
        Sets.PutManualDeployment(_world, replicas: 0);
        await RunAsync();
        Started.ShouldBeTrue();
    }

    [Fact]
    public async Task The_StatefulSet_starts_only_after_the_last_pod_of_the_manual_installation_is_gone()
    {
        _world.Annotate(WireNames.AdoptAnnotation);
        Sets.PutManualDeployment(_world);
        Pods.PutForeign(_world, "fa-abc-1");
        Pods.PutForeign(_world, "fa-abc-2");
        Pods.PutForeign(_world, "fa-evicted", "Failed");

        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.Adopting);
        _world.Cluster.LookJson(ResourceTypes.Deployment, Key)!["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
        _world.Events.Reasons.ShouldBe(["ManualInstallationStopped"]);

        (await RunAsync()).Message.ShouldContain("fa-abc-1, fa-abc-2");
        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-abc-1"));
        _world.Cluster.Edit(ResourceTypes.Pod, InstanceWorld.Key("fa-abc-2"), """{"metadata": {"finalizers": ["x"], "deletionTimestamp": "2026-11-23T12:00:00Z"}}""");
        (await RunAsync()).Reason.ShouldBe(WorkloadReasons.Adopting);
        Started.ShouldBeFalse();

        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-abc-2"));
        (await RunAsync()).Reason.ShouldBe(WorkloadReasons.Starting);
        Started.ShouldBeTrue();
        _world.Cluster.Look(ResourceTypes.Deployment, Key).ShouldNotBeNull();
    }

    [Fact]
    public async Task A_restart_of_the_operator_after_each_step_ends_in_the_same_state()
    {
        _world.Annotate(WireNames.AdoptAnnotation);
        Sets.PutManualDeployment(_world);
        for (var pass = 0; pass < 3; pass++)
        {
            await RunAsync();
        }

        Started.ShouldBeTrue();
        _world.Cluster.Writes.Count(request => request.StartsWith("patch Deployment", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_Deployment_that_changes_at_the_same_moment_is_looked_at_again()
    {
        _world.Annotate(WireNames.AdoptAnnotation);
        var seen = Sets.PutManualDeployment(_world);
        _world.Cluster.StaleInCache[Key] = seen;
        _world.Cluster.Fail = request =>
        {
            if (request.StartsWith("patch Deployment", StringComparison.Ordinal))
            {
                _world.Cluster.Fail = _ => null;
                _world.Cluster.Edit(ResourceTypes.Deployment, Key, """{"spec": {"replicas": 3}}""");
            }

            return null;
        };
        (await RunAsync()).Reason.ShouldBe(WorkloadReasons.Adopting);
        _world.Events.Reasons.ShouldBeEmpty();
        await RunAsync();
        _world.Cluster.LookJson(ResourceTypes.Deployment, Key)!["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task A_Deployment_of_which_the_cache_knows_only_the_name_is_read_live()
    {
        var seen = Sets.PutManualDeployment(_world);
        _world.Cluster.StaleInCache[Key] = seen with { Json = default };
        (await RunAsync()).Reason.ShouldBe(CommonReasons.NameConflict);
    }

    [Fact]
    public async Task Bare_pods_of_a_deleted_Deployment_are_waited_for_too()
    {
        _world.Annotate(WireNames.AdoptAnnotation);
        Pods.PutForeign(_world, "fa-abc-1");
        (await RunAsync()).Reason.ShouldBe(WorkloadReasons.Adopting);
        Started.ShouldBeFalse();
    }

    [Fact]
    public async Task A_running_instance_pays_nothing_for_the_Deployment_that_stays_at_zero()
    {
        _world.Annotate(WireNames.AdoptAnnotation);
        Sets.PutManualDeployment(_world, replicas: 0);
        await RunAsync();
        Sets.Settle(_world);
        Pods.Put(_world, Pods.Ready, owner: Sets.Uid(_world));
        _world.Cluster.Requests.Clear();
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_strangers_StatefulSet_with_another_selector_is_never_taken_over()
    {
        _world.Annotate(WireNames.AdoptAnnotation);
        _world.Cluster.Put(ResourceTypes.StatefulSet, """{"metadata": {"name": "fa", "namespace": "home"}, "spec": {"replicas": 1, "selector": {"matchLabels": {"app": "fa"}}}}""");
        (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(CommonReasons.NameConflict);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_Deployment_that_is_scaled_up_beside_the_instance_is_stopped_again_with_the_annotation()
    {
        _world.Annotate(WireNames.AdoptAnnotation);
        await StartBesideAsync();

        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.Adopting);
        _world.Cluster.LookJson(ResourceTypes.Deployment, Key)!["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
        _world.Events.Reasons.ShouldBe(["Started", "ManualInstallationStopped"]);
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task Without_the_annotation_neither_the_Deployment_nor_the_running_pod_is_touched_and_a_stop_is_carried_out()
    {
        await StartBesideAsync();
        _world.Cluster.Requests.Clear();

        (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(CommonReasons.NameConflict);
        _world.Cluster.Writes.ShouldBeEmpty();

        _world.Cluster.Edit(Kinds.Instance, Key, """{"spec": {"replicas": 0} }""");
        await RunAsync();
        Sets.Json(_world)["spec"]!["replicas"]!.GetValue<int>().ShouldBe(0);
        Sets.Settle(_world, ready: 0);
        _world.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(WorkloadReasons.Stopped);
        _world.Cluster.LookJson(ResourceTypes.Deployment, Key)!["spec"]!["replicas"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task A_StatefulSet_that_an_orphaning_delete_left_is_taken_up_with_the_annotation()
    {
        await RunAsync();
        _world.Cluster.Edit(ResourceTypes.StatefulSet, Key, """{"metadata": {"ownerReferences": null}}""");
        (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(CommonReasons.NameConflict);
        _world.Annotate(WireNames.AdoptAnnotation);
        await RunAsync();
        _world.Cluster.Look(ResourceTypes.StatefulSet, Key)!.ControllerUid.ShouldBe(_world.Pass().Source.Uid);
    }

    private async Task StartBesideAsync()
    {
        Sets.PutManualDeployment(_world, replicas: 0);
        await RunAsync();
        Sets.Settle(_world);
        Pods.Put(_world, Pods.Ready, owner: Sets.Uid(_world));
        _world.Cluster.Edit(ResourceTypes.Deployment, Key, """{"spec": {"replicas": 1} }""");
    }

    private bool Started => _world.Cluster.Look(ResourceTypes.StatefulSet, Key) is not null;

    /// <summary>Each run is a new process: nothing may depend on memory.</summary>
    private Task<StepOutcome> RunAsync() => new WorkloadStep(_world.Cluster, new FakePushSubscriptions(), _world.Events).ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();
}
