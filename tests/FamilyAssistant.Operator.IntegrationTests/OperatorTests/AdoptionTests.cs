using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests;

/// <summary>A manual installation is taken over with the annotation: one poller at every moment, the same data, the same address.</summary>
public sealed class AdoptionTests(ClusterFixture fixture) : OperatorTest(fixture)
{
    private const long Bot = 4751;

    [Fact]
    public async Task A_running_manual_installation_is_taken_over_and_two_of_them_never_poll_or_write_at_once()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var database = await ExternalDatabase.CreateAsync(Bed);
        var manual = new ManualInstallation(Bed, ns, database, Bot);
        await manual.CreateAsync(replicas: 1);
        await Wait.ForAsync(async () => await manual.SendMailAsync("before"), "the manual installation to take a mail");
        await Wait.ForAsync(() => Task.FromResult(Bed.Cluster.Telegram.Pollers(Bot).Count == 1), "the manual installation to poll");
        var claim = await ClaimAsync(ns);
        var service = await Bed.Client.CoreV1.ReadNamespacedServiceAsync(ManualInstallation.Name, ns.Name, cancellationToken: Cancellation);

        var instance = await manual.ApplySampleAsync();
        await instance.WaitForEventAsync("ManualInstallationStopped", "scaled to 0");
        await instance.WaitUntilReadyAsync();

        (await manual.ReplicasAsync()).ShouldBe(0);
        (await manual.PodsAsync()).ShouldBeEmpty();
        var runs = Bed.Cluster.Node.ContainerRuns.Where(run => run.Namespace == ns.Name).ToLookup(run => run.Pod == $"{ManualInstallation.Name}-0");
        var ours = runs[true].ShouldHaveSingleItem();
        runs[false].ShouldHaveSingleItem().Overlaps(ours).ShouldBeFalse("its last process is gone before ours starts");
        Bed.Cluster.Telegram.Overlaps.ShouldNotContain(overlap => overlap.BotId == Bot);
        Bed.Cluster.Telegram.ConflictCount(Bot).ShouldBe(0);
        Bed.Cluster.Telegram.Pollers(Bot).Count.ShouldBe(2);

        (await ClaimAsync(ns)).ShouldBe(claim);
        (await instance.PodAsync()).Spec.Volumes.Select(volume => volume.PersistentVolumeClaim?.ClaimName).ShouldContain("family-assistant-files");
        var now = await Bed.Client.CoreV1.ReadNamespacedServiceAsync(ManualInstallation.Name, ns.Name, cancellationToken: Cancellation);
        now.Metadata.Uid.ShouldBe(service.Metadata.Uid);
        now.Spec.Selector.ShouldNotContainKey("tier", "a label that the instance's pod does not have");
        await instance.WaitForAsync(async () => await manual.SendMailAsync("after"), "the Service to reach the instance's pod");
        (await database.ScalarAsync<string>("SELECT string_agg(DISTINCT subject, ',' ORDER BY subject) FROM received_emails")).ShouldBe("after,before");
    }

    [Fact]
    public async Task A_Deployment_that_is_scaled_up_again_is_stopped_with_the_annotation_and_told_without_it()
    {
        RequirePods();
        RequireOwnCluster();
        await using var ns = await Bed.CreateNamespaceAsync();
        var manual = new ManualInstallation(Bed, ns, await ExternalDatabase.CreateAsync(Bed), Bot + 1);
        await manual.CreateAsync(replicas: 0);
        // Its pods shall only wait: what happens to them matters here, not what they do.
        await Bed.Objects.PatchAsync(ResourceTypes.Deployment, ns.Name, ManualInstallation.Name, """{"spec":{"template":{"spec":{"nodeSelector":{"kubernetes.io/hostname":"nowhere"}}}}}""");
        var instance = await manual.ApplySampleAsync();
        await instance.WaitUntilReadyAsync();
        var running = await instance.IncarnationAsync();

        await ScaleAsync(ns, 1);
        await instance.WaitForEventAsync("ManualInstallationStopped", "scaled up beside the running instance");
        (await manual.ReplicasAsync()).ShouldBe(0);
        await instance.WaitForAsync(async () => (await manual.PodsAsync()).Count == 0, "the end of the second installation");
        await instance.WaitUntilReadyAsync();

        await instance.AnnotateAsync(WireNames.AdoptAnnotation, null);
        await ScaleAsync(ns, 1);
        await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "False", "NameConflict");
        (await manual.ReplicasAsync()).ShouldBe(1, "it is somebody's decision, and not ours to revert");
        (await instance.IncarnationAsync()).ShouldBe(running);

        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "scale", $"fai/{ManualInstallation.Name}", "--replicas=0")).OutputOrThrow("kubectl scale");
        await instance.WaitForAsync(ConditionTypes.WorkloadAvailable, "True", "Stopped");
        await instance.WaitUntilNoPodAsync();
        (await manual.ReplicasAsync()).ShouldBe(1, "the way back is open");
    }

    [Fact]
    public async Task A_label_that_somebody_adds_to_the_selector_of_the_Service_is_taken_out_again()
    {
        await using var ns = await Bed.CreateNamespaceAsync();
        RequireOwnCluster();
        var instance = await Bed.CreateAsync(ns, InstanceBuilder.External(await ExternalDatabase.CreateAsync(Bed)).With("replicas", 0));
        await instance.WaitUntilReadyAsync();
        var before = await SelectorAsync(ns);

        await Bed.Objects.PatchAsync(ResourceTypes.Service, ns.Name, instance.Name, """{"spec":{"selector":{"tier":"web"}}}""");

        await instance.WaitForEventAsync("DriftReverted", "Service home ");
        await instance.WaitForAsync(async () => await SelectorAsync(ns) == before, "the selector to be as before");
    }

    private async Task<string> ClaimAsync(TestNamespace ns)
    {
        var claim = await Bed.Objects.GetAsync(ResourceTypes.PersistentVolumeClaim, ns.Name, "family-assistant-files");
        return $"{claim["metadata"]!["uid"]} on {claim["spec"]!["volumeName"]}";
    }

    private async Task<string> SelectorAsync(TestNamespace ns) =>
        string.Join(',', (await Bed.Client.CoreV1.ReadNamespacedServiceAsync("home", ns.Name, cancellationToken: Cancellation)).Spec.Selector.OrderBy(label => label.Key));

    private async Task ScaleAsync(TestNamespace ns, int replicas) =>
        (await Bed.Cluster.KubectlAsync("-n", ns.Name, "scale", $"deployment/{ManualInstallation.Name}", $"--replicas={replicas}")).OutputOrThrow("kubectl scale");
}
