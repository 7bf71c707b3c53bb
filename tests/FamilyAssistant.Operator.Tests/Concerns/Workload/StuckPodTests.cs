using FamilyAssistant.Operator.Concerns.Workload;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Workload;

/// <summary>A StatefulSet waits for the pod of a broken template to become ready before it rolls the corrected one out: for ever.</summary>
public sealed class StuckPodTests
{
    private const string NewRevision = "fa-2";
    private static readonly ObjectKey Pod = InstanceWorld.Key("fa-0");
    private readonly InstanceWorld _world = new InstanceWorld().WithSecrets();
    private readonly WorkloadStep _step;

    public StuckPodTests() => _step = new WorkloadStep(_world.Cluster, new FakePushSubscriptions(), _world.Events);

    [Theory]
    [InlineData("ImagePullBackOff", PodReasons.ImagePullFailed)]
    [InlineData("InvalidImageName", PodReasons.ImagePullFailed)]
    [InlineData("CreateContainerConfigError", PodReasons.ContainerConfigError)]
    [InlineData("CrashLoopBackOff", PodReasons.CrashLoop)]
    public async Task A_pod_that_cannot_start_is_reported_with_its_own_message(string waiting, string reason)
    {
        await StartAsync(Pods.WaitingFor(waiting, "the cause"), NewRevision);
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(reason);
        outcome.Message.ShouldContain(waiting == "CrashLoopBackOff" ? "exit code 3" : "the cause");
        Exists.ShouldBeTrue();
    }

    [Fact]
    public async Task A_pod_without_a_node_is_reported_with_the_schedulers_words()
    {
        await StartAsync(Pods.Unschedulable, NewRevision);
        var outcome = await RunAsync();
        outcome.Reason.ShouldBe(PodReasons.Unschedulable);
        outcome.Message.ShouldContain("0/1 nodes are available");
    }

    [Fact]
    public async Task A_long_message_is_cut()
    {
        await StartAsync(Pods.WaitingFor("ImagePullBackOff", new string('x', 5000)), NewRevision);
        (await RunAsync()).Message.Length.ShouldBeLessThanOrEqualTo(PodProblem.MaxMessage);
    }

    [Theory]
    [InlineData("ImagePullBackOff")]
    [InlineData("CreateContainerConfigError")]
    [InlineData("CrashLoopBackOff")]
    public async Task A_stuck_pod_of_an_earlier_template_makes_way(string waiting)
    {
        await StartAsync(Pods.WaitingFor(waiting), Pods.Revision);
        (await RunAsync()).Reason.ShouldBe(WorkloadReasons.RollingOut);
        Exists.ShouldBeFalse();
        _world.Events.Reasons.ShouldContain("StuckPodRemoved");
    }

    [Theory]
    [InlineData(Pods.Starting)]
    [InlineData(Pods.NotReady)]
    [InlineData(Pods.Ready)]
    public async Task A_pod_that_may_still_succeed_is_left_alone(string status)
    {
        // A migration at the application's start looks like this.
        await StartAsync(status, Pods.Revision);
        (await RunAsync()).Reason.ShouldBe(WorkloadReasons.RollingOut);
        Exists.ShouldBeTrue();
    }

    [Fact]
    public async Task Nothing_is_removed_before_the_controller_has_seen_the_corrected_template()
    {
        await StartAsync(Pods.WaitingFor("ImagePullBackOff"), Pods.Revision);
        Sets.Status(_world, observed: 0, ready: 0, Pods.Revision, NewRevision);
        await RunAsync();
        Exists.ShouldBeTrue();
    }

    [Fact]
    public async Task A_pod_that_is_another_one_by_now_is_left_alone()
    {
        await StartAsync(Pods.WaitingFor("ImagePullBackOff"), Pods.Revision);
        _world.Cluster.StaleInCache[Pod] = _world.Cluster.Look(ResourceTypes.Pod, Pod)!;
        Pods.Put(_world, Pods.Starting, NewRevision, Sets.Uid(_world));
        await RunAsync();
        Exists.ShouldBeTrue();
    }

    [Fact]
    public async Task A_pod_of_another_controller_is_left_alone()
    {
        await StartAsync(Pods.WaitingFor("ImagePullBackOff"), Pods.Revision);
        _world.Cluster.Drop(ResourceTypes.Pod, Pod);
        Pods.Put(_world, Pods.WaitingFor("ImagePullBackOff"), Pods.Revision, owner: "somebody-else");
        await RunAsync();
        Exists.ShouldBeTrue();
    }

    [Fact]
    public async Task A_running_pod_that_fails_its_readiness_probe_says_so()
    {
        await StartAsync(Pods.NotReady, NewRevision);
        Sets.Settle(_world, ready: 0, NewRevision);
        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(WorkloadReasons.NotReady);
    }

    /// <summary>A rollout from one revision to the next is under way and the only pod is in this state.</summary>
    private async Task StartAsync(string status, string revision)
    {
        await RunAsync();
        Sets.Status(_world, observed: 1, ready: 0, Pods.Revision, NewRevision);
        Pods.Put(_world, status, revision, Sets.Uid(_world));
    }

    private bool Exists => _world.Cluster.Look(ResourceTypes.Pod, Pod) is not null;

    private Task<StepOutcome> RunAsync() => _step.ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();
}
