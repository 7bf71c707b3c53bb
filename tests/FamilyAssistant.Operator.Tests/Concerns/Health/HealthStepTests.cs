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
    private readonly FakeConflictMonitor _conflicts = new();

    [Fact]
    public async Task A_stopped_instance_is_well_and_its_pod_is_not_asked()
    {
        Put("fa-0", Pods.Ready, "10.0.0.1");
        _world.EditSpec(("replicas", "0"));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(HealthReasons.Stopped);
        _monitor.Calls.ShouldBe(["forget home/fa"]);
        _conflicts.Calls.ShouldBe(["forget home/fa"]);
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
    [InlineData(0, 0, typeof(HealthPlan.Stopped))]
    [InlineData(0, 1, typeof(HealthPlan.Stopped))]
    [InlineData(1, 0, typeof(HealthPlan.Nobody))]
    [InlineData(1, 1, typeof(HealthPlan.Ask))]
    [InlineData(2, 1, typeof(HealthPlan.Ask))]
    public void Who_is_asked(int replicas, int running, Type expected)
    {
        HealthTarget[] targets = [.. Enumerable.Range(0, running).Select(index => new HealthTarget($"uid-{index}", 0, "10.0.0.1", 8000))];
        var plan = HealthPlan.Decide(replicas, targets);
        plan.ShouldBeOfType(expected);
        (plan as HealthPlan.Ask)?.Targets.ShouldBe(targets);
    }

    [Fact]
    public async Task Only_the_log_of_a_container_that_is_given_a_token_is_looked_at()
    {
        Put("fa-0", Pods.Ready, "10.0.0.1", WithToken("family-assistant"));
        Put("fa-1", Pods.Ready, "10.0.0.2");
        Put("fa-2", Pods.Ready, "10.0.0.3", WithToken("sidecar"));
        Put("fa-3", Pods.WaitingFor("CrashLoopBackOff"), "10.0.0.4", WithToken("family-assistant"));
        await RunAsync();
        _conflicts.Calls.ShouldBe(["observe home/fa", "keep home/fa fa-0/family-assistant#0"]);
    }

    [Fact]
    public async Task Without_a_token_nothing_is_known_of_a_conflict_and_no_log_is_looked_at()
    {
        Put("fa-0", Pods.Ready, "10.0.0.1");
        _conflicts.Known = new PollingConflict("", new SuspectedPollers.None(true));
        _monitor.Answers["10.0.0.1"] = new HealthObservation("healthy", "");
        (await RunAsync()).Reason.ShouldBe(HealthReasons.WebOnly);
        _conflicts.Calls.ShouldBe(["forget home/fa"]);
    }

    [Fact]
    public async Task A_known_conflict_is_told_while_the_application_says_that_it_is_well_and_between_two_of_its_starts()
    {
        _conflicts.Known = new PollingConflict($"telegram.error.Conflict: of bot{InstanceWorld.Token}", new SuspectedPollers.None(true));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(HealthReasons.TelegramConflict);
        _conflicts.Calls.ShouldBe(["observe home/fa", "keep home/fa"], "what is known is kept while nothing runs");

        Put("fa-0", Pods.Ready, "10.0.0.1", WithToken("family-assistant"));
        _monitor.Answers["10.0.0.1"] = new HealthObservation("ok", "Telegram polling active");
        var outcome = await RunAsync();
        outcome.ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(HealthReasons.TelegramConflict);
        outcome.Message.ShouldContain("telegram.error.Conflict");
        outcome.Message.ShouldNotContain(InstanceWorld.Token.Split(':')[1]);
    }

    [Fact]
    public async Task A_conflict_that_the_status_tells_of_is_handed_to_a_process_that_has_just_started()
    {
        _world.Cluster.Edit(
            Kinds.Instance,
            InstanceWorld.Key("fa"),
            """{"status": {"conditions": [{"type": "AppHealthy", "status": "False", "reason": "TelegramConflict", "message": "", "observedGeneration": 1, "lastTransitionTime": "2026-11-23T12:00:00Z"}]} }""");
        await RunAsync();
        _conflicts.Calls[0].ShouldBe("observe home/fa told");
    }

    private static string WithToken(string container) =>
        $$"""{"spec": {"containers": [{"name": "{{container}}", "env": [{"name": "TELEGRAM_BOT_TOKEN", "valueFrom": {"secretKeyRef": {"name": "fa-telegram", "key": "TELEGRAM_BOT_TOKEN"} } }]}]} }""";

    private ClusterObject Put(string name, string status, string address, string patch = "{}", string? uid = null)
    {
        var pod = Pods.Put(_world, status, name: name);
        _world.Cluster.Edit(ResourceTypes.Pod, pod.Key, uid is null ? "{}" : $$"""{"metadata": {"uid": "{{uid}}"} }""");
        _world.Cluster.Edit(ResourceTypes.Pod, pod.Key, $$"""{"status": {"podIP": "{{address}}"} }""");
        return _world.Cluster.Edit(ResourceTypes.Pod, pod.Key, patch);
    }

    private Task<StepOutcome> RunAsync() => new HealthStep(_monitor, _conflicts).ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();
}
