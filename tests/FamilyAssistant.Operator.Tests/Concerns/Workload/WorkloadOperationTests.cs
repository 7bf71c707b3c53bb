using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary>Restart and StopStart against a cluster whose StatefulSet controller is this test.</summary>
public sealed class WorkloadOperationTests
{
    private const string Restart = """{"action": "Restart"}""";
    private const string StopStart = """{"action": "StopStart"}""";
    private readonly OperationWorld _world = new();
    private readonly string _set;

    public WorkloadOperationTests()
    {
        _world.Handlers = [new RestartHandler(Cluster), new StopStartHandler(Cluster)];
        var owner = Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!.Uid;
        _set = Cluster.Put(
            ResourceTypes.StatefulSet,
            $$"""{"metadata": {"name": "fa", "namespace": "home", "ownerReferences": [{"uid": "{{owner}}", "controller": true}]}, "spec": {"replicas": 1}, "status": {"observedGeneration": 1, "replicas": 1, "readyReplicas": 1} }""").Uid;
        _world.SetInstanceStatus("True");
    }

    private FakeCluster Cluster => _world.Cluster;

    private IEnumerable<string> Deletes => Cluster.Writes.Where(write => write.StartsWith("delete Pod", StringComparison.Ordinal));

    [Theory]
    [InlineData(Restart)]
    [InlineData(StopStart)]
    public async Task On_a_stopped_instance_it_is_refused(string spec)
    {
        _world.World.EditSpec(("replicas", "0"));
        _world.Create("o", spec);

        await _world.SettleAsync("o");

        (_world.Status("o")!.Phase, _world.Status("o")!.Reason).ShouldBe(("Failed", "InstanceStopped"));
        _world.Status("o")!.Message!.ShouldContain("spec.replicas");
    }

    [Theory]
    [InlineData(Restart)]
    [InlineData(StopStart)]
    public async Task It_waits_for_the_first_pod_and_behind_a_closed_gate(string spec)
    {
        _world.Create("o", spec);
        await _world.SettleAsync("o");
        (_world.Status("o")!.Phase, _world.Status("o")!.Reason).ShouldBe(("Pending", "InstanceNotReady"));

        Pod("fa-0", Pods.Ready);
        _world.SetInstanceStatus("False", "DatabaseUnreachable", "Unknown", "Waiting");
        await _world.SettleAsync("o");

        _world.Status("o")!.Phase.ShouldBe("Pending");
        _world.Status("o")!.Message!.ShouldContain("DatabaseUnreachable");
        Deletes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_restart_replaces_the_pod_once_and_is_done_when_its_successor_and_the_instance_are_ready()
    {
        var old = Pod("fa-0", Pods.Ready).Uid;
        _world.Create("o", Restart);
        await _world.PassAsync("o");
        _world.Status("o")!.Before!["fa-0.uid"].ShouldBe(old);
        _world.Status("o")!.Before!["fa-0.restarts"].ShouldBe("0");
        _world.Status("o")!.Before!["instance.ready"].ShouldBe("True");
        Deletes.ShouldBeEmpty("evidence first");

        await _world.PassAsync("o");
        Deletes.ShouldBe(["delete Pod home/fa-0"]);
        _world.SetInstanceStatus("False", "Starting", "False", "Starting");
        await _world.PassAsync("o");
        var young = Pod("fa-0", Pods.Starting).Uid;
        await _world.PassAsync("o");
        _world.Status("o")!.Phase.ShouldBe("Running");
        Pod("fa-0", Pods.Ready, young);
        await _world.PassAsync("o");
        _world.Status("o")!.Message!.ShouldContain("waits for the instance to be Ready again");

        _world.SetInstanceStatus("True");
        await _world.SettleAsync("o");

        _world.Status("o")!.Phase.ShouldBe("Succeeded");
        _world.Status("o")!.After!["fa-0.uid"].ShouldBe(young);
        Deletes.Count().ShouldBe(1);
    }

    [Fact]
    public async Task An_instance_that_was_not_Ready_before_a_restart_need_not_be_afterwards()
    {
        Pod("fa-0", Pods.Ready);
        _world.SetInstanceStatus("False", "TelegramConflict");
        _world.Create("o", Restart);
        await _world.PassAsync("o");
        await _world.PassAsync("o");
        Pod("fa-0", Pods.Ready);

        await _world.SettleAsync("o");

        _world.Status("o")!.Phase.ShouldBe("Succeeded");
        _world.Status("o")!.Message!.ShouldContain("not Ready, as before (TelegramConflict");
    }

    [Fact]
    public async Task Several_pods_go_one_after_the_other_each_when_the_one_before_has_a_ready_successor()
    {
        _world.World.EditSpec(("replicas", "2"), ("storage.accessMode", "\"ReadWriteMany\""), ("telegram", "null"));
        _world.SetInstanceStatus("True");
        Pod("fa-0", Pods.Ready);
        Pod("fa-1", Pods.Ready);
        _world.Create("o", Restart);

        await _world.SettleAsync("o");
        Deletes.ShouldBe(["delete Pod home/fa-1"]);
        var second = Pod("fa-1", Pods.Starting).Uid;
        await _world.SettleAsync("o");
        Deletes.Count().ShouldBe(1);

        Pod("fa-1", Pods.Ready, second);
        await _world.SettleAsync("o");
        Deletes.ShouldBe(["delete Pod home/fa-1", "delete Pod home/fa-0"]);
        Pod("fa-0", Pods.Ready);
        await _world.SettleAsync("o");
        _world.Status("o")!.Phase.ShouldBe("Succeeded");
    }

    [Fact]
    public async Task A_pod_that_is_scaled_away_during_a_restart_is_not_waited_for()
    {
        _world.World.EditSpec(("replicas", "2"), ("storage.accessMode", "\"ReadWriteMany\""), ("telegram", "null"));
        _world.SetInstanceStatus("True");
        Pod("fa-0", Pods.Ready);
        Pod("fa-1", Pods.Ready);
        _world.Create("o", Restart);
        await _world.SettleAsync("o");

        _world.World.EditSpec(("replicas", "1"));
        _world.SetInstanceStatus("True");
        await _world.SettleAsync("o");
        Deletes.Last().ShouldBe("delete Pod home/fa-0");
        Pod("fa-0", Pods.Ready);
        await _world.SettleAsync("o");

        _world.Status("o")!.Phase.ShouldBe("Succeeded");
    }

    [Fact]
    public async Task Pods_that_are_not_of_the_StatefulSet_are_left_alone()
    {
        Pod("fa-0", Pods.Ready);
        Pods.Put(_world.World, Pods.Ready, name: "debug");
        _world.Create("o", Restart);

        await _world.SettleAsync("o");

        Deletes.ShouldBe(["delete Pod home/fa-0"]);
        _world.Status("o")!.Before!.Keys.ShouldNotContain("debug.uid");
    }

    [Fact]
    public async Task A_stop_and_start_writes_nothing_itself_and_starts_only_when_nothing_is_left()
    {
        var old = Pod("fa-0", Pods.Ready);
        _world.Create("o", StopStart);
        await _world.PassAsync("o");
        (await _world.LookAsync())!.ShouldContain("operation o ");
        _world.Status("o")!.Stage.ShouldBe("Stopping");

        // The pass over the instance scales to zero; its controller has not seen it.
        Set("""{"spec": {"replicas": 0}}""");
        await _world.PassAsync("o");
        _world.Status("o")!.Message!.ShouldContain("pod fa-0");
        Cluster.Edit(ResourceTypes.Pod, old.Key, """{"metadata": {"finalizers": ["x"], "deletionTimestamp": "2026-11-23T12:00:00Z"}}""");
        await _world.PassAsync("o");
        _world.Status("o")!.Stage.ShouldBe("Stopping", "a pod that is ending still polls");

        Cluster.Drop(ResourceTypes.Pod, old.Key);
        await _world.PassAsync("o");
        _world.Status("o")!.Stage.ShouldBe("Stopping", "a controller that has not seen the zero may still make a pod");
        Set("""{"status": {"observedGeneration": 2, "replicas": 0, "readyReplicas": 0}}""");
        await _world.PassAsync("o");
        _world.Status("o")!.Stage.ShouldBe("Starting");
        (await _world.LookAsync()).ShouldBeNull();

        Set("""{"spec": {"replicas": 1}}""");
        await _world.PassAsync("o");
        _world.Status("o")!.Phase.ShouldBe("Running");
        Set("""{"status": {"observedGeneration": 3, "replicas": 1}}""");
        var young = Pod("fa-0", Pods.Ready).Uid;
        await _world.SettleAsync("o");

        _world.Status("o")!.Phase.ShouldBe("Succeeded");
        _world.Status("o")!.Before!["fa-0.uid"].ShouldBe(old.Uid);
        _world.Status("o")!.After!["fa-0.uid"].ShouldBe(young);
        Deletes.ShouldBeEmpty();
        Cluster.Writes.ShouldAllBe(write => write.Contains("FamilyAssistant", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Scaled_to_zero_meanwhile_it_stays_stopped()
    {
        var old = Pod("fa-0", Pods.Ready);
        _world.Create("o", StopStart);
        await _world.PassAsync("o");
        Cluster.Drop(ResourceTypes.Pod, old.Key);
        Set("""{"spec": {"replicas": 0}, "status": {"observedGeneration": 2, "replicas": 0}}""");
        _world.World.EditSpec(("replicas", "0"));

        await _world.SettleAsync("o");

        _world.Status("o")!.Phase.ShouldBe("Succeeded");
        _world.Status("o")!.Message!.ShouldContain("spec.replicas is 0");
    }

    [Theory]
    [InlineData(Restart)]
    [InlineData(StopStart)]
    public async Task A_StatefulSet_that_belongs_to_somebody_else_is_not_touched(string spec)
    {
        Set("""{"metadata": {"ownerReferences": [{"uid": "stranger", "controller": true}]}}""");
        Pod("fa-0", Pods.Ready);
        _world.Create("o", spec);

        await _world.SettleAsync("o");

        _world.Status("o")!.Phase.ShouldBe("Pending");
        Deletes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(OperationAction.Restart, "Replaces fa-0, one after the other.")]
    [InlineData(OperationAction.StopStart, "Stops fa-0, waits until the last one is gone, and starts again.")]
    public async Task A_dry_run_says_what_it_would_do(OperationAction action, string words)
    {
        Pod("fa-0", Pods.Ready);
        _world.Create("o", $$"""{"action": "{{action}}", "dryRun": true}""");

        await _world.SettleAsync("o");

        _world.Status("o")!.Message.ShouldBe($"Dry run, nothing was changed. {words}");
        Deletes.ShouldBeEmpty();
        (await _world.LookAsync()).ShouldBeNull();
    }

    /// <summary>The operator is gone before each request, one after the other, and begins anew with the next.</summary>
    [Fact]
    public async Task Killed_before_any_request_a_restart_comes_to_the_same_end_and_replaces_the_pod_once()
    {
        for (var last = 0; ; last++)
        {
            var test = new WorkloadOperationTests();
            if (!await test.RestartWithOneFailureAsync(last))
            {
                last.ShouldBeGreaterThan(10);
                return;
            }
        }
    }

    private async Task<bool> RestartWithOneFailureAsync(int last)
    {
        var failed = false;
        var count = 0;
        Pod("fa-0", Pods.Ready);
        _world.Create("o", Restart);
        Cluster.Fail = _ => !failed && count++ == last && (failed = true) ? new InvalidOperationException("killed") : null;
        for (var round = 0; round < 20; round++)
        {
            try
            {
                await _world.PassAsync("o");
                await _world.LookAsync();
            }
            catch (InvalidOperationException)
            {
                // The next pass is a successor's.
            }

            if (Cluster.Look(ResourceTypes.Pod, InstanceWorld.Key("fa-0")) is null)
            {
                Pod("fa-0", Pods.Ready);
            }
        }

        _world.Status("o")!.Phase.ShouldBe("Succeeded", $"after a crash before request {last}");
        Deletes.Count().ShouldBeLessThanOrEqualTo(failed ? 2 : 1);
        _world.Status("o")!.After!["fa-0.uid"].ShouldBe(Cluster.Look(ResourceTypes.Pod, InstanceWorld.Key("fa-0"))!.Uid, "the successor was not replaced");
        _world.Turn.ShouldBeNull();
        return failed;
    }

    private ClusterObject Pod(string name, string status, string? uid = null)
    {
        var pod = Pods.Put(_world.World, status, owner: _set, name: name);
        if (uid is null)
        {
            return pod;
        }

        var json = Cluster.LookJson(ResourceTypes.Pod, pod.Key)!;
        json["metadata"]!["uid"] = uid;
        return Cluster.Put(ResourceTypes.Pod, json);
    }

    private void Set(string patch) => Cluster.Edit(ResourceTypes.StatefulSet, InstanceWorld.Key("fa"), patch);
}
