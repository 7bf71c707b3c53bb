using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.IntegrationTests.NodeTests;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.LocalClusterTests;

/// <summary>Jobs end as on a cluster: the real controller makes their pods and counts how those ended.</summary>
public sealed class JobTests(ClusterFixture fixture)
{
    private const string Why = "the images of these pods are of this machine's own node";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_Job_succeeds_and_its_pod_keeps_the_message()
    {
        await using var ns = await CreateNamespaceAsync();

        await TestJob.CreateAsync(fixture, ns, "good", "echo '{\"outcome\":\"Succeeded\"}' > /dev/termination-log");

        var job = await TestJob.UntilAsync(fixture, ns, "good", job => TestJob.Has(job, "Complete"));
        job.Status.Succeeded.ShouldBe(1);
        job.Status.CompletionTime.ShouldNotBeNull();
        var pod = (await TestJob.PodsAsync(fixture, ns, "good")).ShouldHaveSingleItem();
        pod.Status.Phase.ShouldBe("Succeeded");
        pod.Metadata.OwnerReferences.ShouldHaveSingleItem().ShouldSatisfyAllConditions(owner => owner.Kind.ShouldBe("Job"), owner => owner.Uid.ShouldBe(job.Metadata.Uid));
        var end = NodePod.Container(pod)!.State.Terminated;
        (end.ExitCode, end.Reason, end.Message).ShouldBe((0, "Completed", "{\"outcome\":\"Succeeded\"}\n"));
    }

    [Fact]
    public async Task A_Job_without_a_second_attempt_fails_with_its_pod()
    {
        await using var ns = await CreateNamespaceAsync();

        await TestJob.CreateAsync(fixture, ns, "bad", "echo why > /dev/termination-log; exit 3");

        var job = await TestJob.UntilAsync(fixture, ns, "bad", job => TestJob.Has(job, "Failed"));
        job.Status.Failed.ShouldBe(1);
        job.Status.Conditions.Single(condition => condition.Type == "Failed").Reason.ShouldBe("BackoffLimitExceeded");
        var pod = (await TestJob.PodsAsync(fixture, ns, "bad")).ShouldHaveSingleItem();
        pod.Status.Phase.ShouldBe("Failed");
        var end = NodePod.Container(pod)!.State.Terminated;
        (end.ExitCode, end.Message).ShouldBe((3, "why\n"));
    }

    [Fact]
    public async Task A_Job_past_its_deadline_fails_and_its_pod_is_ended()
    {
        await using var ns = await CreateNamespaceAsync();

        await TestJob.CreateAsync(fixture, ns, "slow", "trap 'exit 1' TERM; sleep 1000 & wait", "activeDeadlineSeconds: 2");

        var job = await TestJob.UntilAsync(fixture, ns, "slow", job => TestJob.Has(job, "Failed"));
        job.Status.Conditions.Single(condition => condition.Type == "Failed").Reason.ShouldBe("DeadlineExceeded");
        await Wait.ForAsync(async () => (await TestJob.PodsAsync(fixture, ns, "slow")).Count == 0, "the end of its pod");
    }

    [Theory]
    [InlineData("Background")]
    [InlineData("Foreground")]
    public async Task A_Job_and_its_pod_go_with_their_owner(string propagation)
    {
        await using var ns = await CreateNamespaceAsync();
        var core = fixture.Client.CoreV1;
        var owner = await core.CreateNamespacedConfigMapAsync(new V1ConfigMap { Metadata = new V1ObjectMeta { Name = "owner" } }, ns.Name, cancellationToken: Cancellation);
        await TestJob.CreateAsync(fixture, ns, "owned", "trap 'exit 1' TERM; sleep 1000 & wait", owner: new V1OwnerReference { ApiVersion = "v1", Kind = "ConfigMap", Name = "owner", Uid = owner.Metadata.Uid });
        await TestJob.UntilRunningAsync(fixture, ns, "owned");

        await core.DeleteNamespacedConfigMapAsync("owner", ns.Name, propagationPolicy: propagation, cancellationToken: Cancellation);

        await Wait.ForAsync(async () => (await fixture.Client.BatchV1.ListNamespacedJobAsync(ns.Name, cancellationToken: Cancellation)).Items.Count == 0, "the end of the Job");
        await Wait.ForAsync(async () => (await TestJob.PodsAsync(fixture, ns, "owned")).Count == 0, "the end of its pod");
    }

    [Fact]
    public async Task An_evicted_pod_fails_without_a_word()
    {
        await using var ns = await CreateNamespaceAsync();
        await TestJob.CreateAsync(fixture, ns, "evicted", "echo '{\"outcome\":\"Succeeded\"}' > /dev/termination-log; echo written; sleep 1000");
        var running = await TestJob.UntilRunningAsync(fixture, ns, "evicted");
        await UntilLoggedAsync(ns, running, "written");

        fixture.Cluster.Node.EvictPod(ns.Name, running.Metadata.Name).ShouldBeTrue();

        (await TestJob.UntilAsync(fixture, ns, "evicted", job => TestJob.Has(job, "Failed"))).Status.Failed.ShouldBe(1);
        var pod = await Wait.ForAsync(
            async () => (await TestJob.PodsAsync(fixture, ns, "evicted")).SingleOrDefault(pod => NodePod.Container(pod)?.State.Terminated is not null), "the end of the container");
        (pod.Status.Phase, pod.Status.Reason).ShouldBe(("Failed", "Evicted"));
        NodePod.Container(pod)!.State.Terminated.ShouldSatisfyAllConditions(end => end.ExitCode.ShouldBe(137), end => end.Message.ShouldBeNull());
        fixture.Cluster.Node.EvictPod(ns.Name, "absent").ShouldBeFalse();
    }

    [Fact]
    public async Task A_pod_that_is_held_starts_once_it_is_released()
    {
        await using var ns = await CreateNamespaceAsync();
        using (fixture.Cluster.Node.HoldPods(pod => pod.Metadata.NamespaceProperty == ns.Name && pod.Metadata.Name.StartsWith("held-", StringComparison.Ordinal)))
        {
            await TestJob.CreateAsync(fixture, ns, "held", "true");
            await TestJob.CreateAsync(fixture, ns, "other", "true");
            await TestJob.UntilAsync(fixture, ns, "other", job => TestJob.Has(job, "Complete"));
            var pod = await Wait.ForAsync(async () => (await TestJob.PodsAsync(fixture, ns, "held")).SingleOrDefault(pod => pod.Spec.NodeName is not null), "the held pod's node");
            pod.Status.Phase.ShouldBe("Pending");
            fixture.Cluster.Node.ContainerRuns.ShouldNotContain(run => run.Namespace == ns.Name && run.Pod == pod.Metadata.Name);
        }

        await TestJob.UntilAsync(fixture, ns, "held", job => TestJob.Has(job, "Complete"));
    }

    [Fact]
    public async Task A_twin_runs_beside_the_pod_of_a_Job_which_does_not_know_it()
    {
        await using var ns = await CreateNamespaceAsync();
        await TestJob.CreateAsync(fixture, ns, "doubled", "echo I am $HOSTNAME; trap 'exit 0' TERM; sleep 1000 & wait");
        var first = await TestJob.UntilRunningAsync(fixture, ns, "doubled");

        var twin = await fixture.Cluster.Node.RunTwinAsync(ns.Name, first.Metadata.Name, Cancellation);

        await UntilLoggedAsync(ns, twin, $"I am {twin.Metadata.Name}");
        (await fixture.Client.CoreV1.ReadNamespacedPodAsync(first.Metadata.Name, ns.Name, cancellationToken: Cancellation)).Status.Phase.ShouldBe("Running");
        (await TestJob.UntilAsync(fixture, ns, "doubled", job => job.Status.Active is not null)).Status.Active.ShouldBe(1);
        await fixture.Client.BatchV1.DeleteNamespacedJobAsync("doubled", ns.Name, propagationPolicy: "Background", cancellationToken: Cancellation);
        await Wait.ForAsync(async () => (await fixture.Client.CoreV1.ListNamespacedPodAsync(ns.Name, cancellationToken: Cancellation)).Items.Count == 0, "the end of both pods");
    }

    private Task<TestNamespace> CreateNamespaceAsync()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, Why);
        return fixture.CreateNamespaceAsync();
    }

    private Task UntilLoggedAsync(TestNamespace ns, V1Pod pod, string text) => Wait.ForAsync(
        async () => (await fixture.Cluster.KubectlAsync("logs", "-n", ns.Name, pod.Metadata.Name)).Output.Contains(text, StringComparison.Ordinal), $"'{text}' of {pod.Metadata.Name}");
}
