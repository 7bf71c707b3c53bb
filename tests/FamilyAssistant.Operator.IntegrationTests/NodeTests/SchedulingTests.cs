using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>Pods get their node once they can run there.</summary>
public sealed class SchedulingTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_pod_gets_the_node_and_an_event_says_so()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "how other clusters schedule is not ours to test");
        await using var ns = await fixture.CreateNamespaceAsync();

        await CreateAsync(ns, TestPod.New("plain"));

        await Wait.ForAsync(async () => (await ReadAsync(ns, "plain")).Spec.NodeName == "local", "the pod's node");
        await Wait.ForAsync(async () => (await EventsAsync(ns)).Any(item => item is { Reason: "Scheduled", InvolvedObject.Name: "plain" }), "the event");
    }

    [Fact]
    public async Task A_pod_that_fits_nowhere_says_why_and_goes_on_once_it_fits()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "how other clusters schedule is not ours to test");
        await using var ns = await fixture.CreateNamespaceAsync();

        await CreateAsync(ns, TestPod.New("large").Asking("cpu", "1000"));
        await CreateAsync(ns, TestPod.New("waits", claim: "data"));

        (await RefusalAsync(ns, "large")).ShouldBe("0/1 nodes are available: 1 Insufficient cpu.");
        (await RefusalAsync(ns, "waits")).ShouldBe("0/1 nodes are available: persistentvolumeclaim \"data\" not found.");
        (await fixture.Cluster.KubectlAsync("describe", "pod", "large", "-n", ns.Name)).Output.ShouldContain("FailedScheduling");

        await fixture.Client.CoreV1.CreateNamespacedPersistentVolumeClaimAsync(TestClaim.New("data"), ns.Name, cancellationToken: Cancellation);
        await Wait.ForAsync(async () => (await ReadAsync(ns, "waits")).Spec.NodeName == "local", "the pod's node");
        (await ReadAsync(ns, "large")).Spec.NodeName.ShouldBeNull();
    }

    [Fact]
    public async Task A_pod_of_another_scheduler_is_left_to_it()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "how other clusters schedule is not ours to test");
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = TestPod.New("other");
        pod.Spec.SchedulerName = "another";

        await CreateAsync(ns, pod);
        await CreateAsync(ns, TestPod.New("later"));

        await Wait.ForAsync(async () => (await ReadAsync(ns, "later")).Spec.NodeName == "local", "the later pod's node");
        (await ReadAsync(ns, "other")).Spec.NodeName.ShouldBeNull();
    }

    private Task<V1Pod> CreateAsync(TestNamespace ns, V1Pod pod) => fixture.Client.CoreV1.CreateNamespacedPodAsync(pod, ns.Name, cancellationToken: Cancellation);

    private Task<V1Pod> ReadAsync(TestNamespace ns, string name) => fixture.Client.CoreV1.ReadNamespacedPodAsync(name, ns.Name, cancellationToken: Cancellation);

    private async Task<IList<Corev1Event>> EventsAsync(TestNamespace ns) => (await fixture.Client.CoreV1.ListNamespacedEventAsync(ns.Name, cancellationToken: Cancellation)).Items;

    private Task<string> RefusalAsync(TestNamespace ns, string name) => Wait.ForAsync(
        async () => (await ReadAsync(ns, name)).Status.Conditions?.FirstOrDefault(condition => condition is { Type: "PodScheduled", Status: "False", Reason: "Unschedulable" })?.Message,
        $"the reason why {name} is not scheduled");
}
