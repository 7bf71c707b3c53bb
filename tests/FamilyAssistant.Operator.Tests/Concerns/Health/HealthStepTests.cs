using FamilyAssistant.Operator.Concerns.Health;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Health;

public sealed class HealthStepTests
{
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();
    private readonly FakeHealthMonitor _monitor = new();

    [Fact]
    public async Task A_stopped_instance_is_well_and_its_pod_is_not_asked()
    {
        Put("fa-0", Pods.Ready, "10.0.0.1");
        _world.EditSpec(("replicas", "0"));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(HealthReasons.Stopped);
        _monitor.Calls.ShouldBe(["forget home/fa"]);
    }

    [Fact]
    public async Task Without_a_running_container_nobody_is_asked()
    {
        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(HealthReasons.NotRunning);
        _monitor.Calls.ShouldBe(["forget home/fa"]);
    }

    [Fact]
    public async Task The_pod_is_asked_at_its_own_address_and_what_was_asked_before_is_let_go()
    {
        var uid = Put("fa-0", Pods.Ready, "10.0.0.1").Uid;
        _monitor.Answers["10.0.0.1"] = new HealthObservation("ok", "Telegram polling active");
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(HealthReasons.Polling);
        _monitor.Calls.ShouldBe([$"keep home/fa {uid}", $"observe home/fa {uid} 0 10.0.0.1:8000"]);
    }

    [Fact]
    public async Task A_pod_that_does_not_answer_in_time_leaves_the_instance_starting()
    {
        Put("fa-0", Pods.Ready, "10.0.0.1");
        (await RunAsync()).Reason.ShouldBe(HealthReasons.Initializing);
    }

    [Fact]
    public async Task All_pods_are_asked_and_one_that_is_not_well_decides()
    {
        Put("fa-1", Pods.Ready, "10.0.0.2");
        Put("fa-0", Pods.Ready, "10.0.0.1");
        _monitor.Answers["10.0.0.1"] = new HealthObservation("healthy", "");
        _monitor.Answers["10.0.0.2"] = new HealthObservation("initializing", "");
        _world.EditSpec(("replicas", "2"));
        (await RunAsync()).Reason.ShouldBe(HealthReasons.Initializing);
        _monitor.Calls.Where(call => call.StartsWith("observe", StringComparison.Ordinal)).Select(call => call.Split(' ')[^1]).ShouldBe(["10.0.0.1:8000", "10.0.0.2:8000"]);
    }

    [Fact]
    public async Task The_secrets_of_the_instance_are_not_quoted()
    {
        Put("fa-0", Pods.Ready, "10.0.0.1");
        _monitor.Answers["10.0.0.1"] = new HealthObservation("unhealthy", $"cannot use postgresql+asyncpg://fa:canary@postgres.example.com:5432/mlbot with {InstanceWorld.Token}");
        var message = (await RunAsync()).Message;
        message.ShouldContain("cannot use");
        message.ShouldNotContain("canary");
        message.ShouldNotContain(InstanceWorld.Token);
    }

    [Fact]
    public async Task Nothing_is_written_and_nothing_is_read()
    {
        Put("fa-0", Pods.Ready, "10.0.0.1");
        await RunAsync();
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public void Only_a_container_that_runs_at_an_address_can_be_asked()
    {
        Put("fa-5", Pods.NotReady, "10.0.0.5");
        Put("fa-4", Pods.Starting, "10.0.0.4");
        Put("fa-3", Pods.Ready, "10.0.0.3", """{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z", "finalizers": ["example.com/wait"]} }""");
        Put("fa-2", Pods.Unschedulable, "10.0.0.2");
        Put("fa-1", Pods.WaitingFor("CrashLoopBackOff", restarts: 4), "10.0.0.1");
        Put("fa-0", Pods.Ready, "");
        Put("fa-6", Pods.Ready.Replace("\"name\": \"family-assistant\"", "\"name\": \"sidecar\"", StringComparison.Ordinal), "10.0.0.6");
        RunningPods.Of(_world.Pass().Observed.Pods).Select(target => target.Address).ShouldBe(["10.0.0.4", "10.0.0.5"], "in the order of their names");
    }

    [Fact]
    public void A_restarted_container_is_another_target()
    {
        var pod = Put("fa-0", Pods.Ready, "10.0.0.1");
        var before = RunningPods.Of([pod]).ShouldHaveSingleItem();
        before.ShouldBe(new HealthTarget(pod.Uid, 0, "10.0.0.1", AppContract.Port));
        var again = Put("fa-0", Pods.Ready.Replace("\"restartCount\": 0", "\"restartCount\": 1", StringComparison.Ordinal), "10.0.0.1", uid: pod.Uid);
        RunningPods.Of([again]).ShouldHaveSingleItem().ShouldBe(before with { Restarts = 1 });
    }

    [Theory]
    [InlineData(0, 0, HealthReasons.Stopped)]
    [InlineData(0, 1, HealthReasons.Stopped)]
    [InlineData(1, 0, HealthReasons.NotRunning)]
    [InlineData(1, 1, null)]
    [InlineData(2, 1, null)]
    public void Who_is_asked(int replicas, int running, string? nobody)
    {
        HealthTarget[] targets = [.. Enumerable.Range(0, running).Select(index => new HealthTarget($"uid-{index}", 0, "10.0.0.1", 8000))];
        var plan = HealthPlan.Decide(replicas, targets);
        (plan as HealthPlan.Nobody)?.Outcome.Reason.ShouldBe(nobody);
        (plan as HealthPlan.Ask)?.Targets.ShouldBe(targets);
        (plan is HealthPlan.Ask).ShouldBe(nobody is null);
    }

    private ClusterObject Put(string name, string status, string address, string patch = "{}", string? uid = null)
    {
        var pod = Pods.Put(_world, status, name: name);
        _world.Cluster.Edit(ResourceTypes.Pod, pod.Key, uid is null ? "{}" : $$"""{"metadata": {"uid": "{{uid}}"} }""");
        _world.Cluster.Edit(ResourceTypes.Pod, pod.Key, $$"""{"status": {"podIP": "{{address}}"} }""");
        return _world.Cluster.Edit(ResourceTypes.Pod, pod.Key, patch);
    }

    private Task<StepOutcome> RunAsync() => new HealthStep(_monitor).ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();
}
