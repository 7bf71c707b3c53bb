using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster;
using FamilyAssistant.Operator.LocalCluster.Node;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>How pods end, and that nothing of them is left.</summary>
public sealed class PodEndTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deleted_pod_is_asked_to_end_and_stays_visible_until_it_has()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "polite", """
            terminationGracePeriodSeconds: 100
            containers:
            - name: main
              image: "tools:1"
              args: [-c, "trap 'echo asked; until test -f /data/go; do sleep 0.1; done; exit 0' TERM; echo up; while true; do sleep 0.1; done"]
              volumeMounts: [{name: data, mountPath: /data}]
            - name: switch
              image: "tools:1"
              args: [-c, "trap 'sleep 2; touch /data/go; exit 0' TERM; while true; do sleep 0.1; done"]
              volumeMounts: [{name: data, mountPath: /data}]
            volumes: [{name: data, emptyDir: {}}]
            """);
        await Wait.ForAsync(async () => (await pod.LogsAsync("-c", "main")).Contains("up", StringComparison.Ordinal), "the program");

        await pod.DeleteAsync();
        await Wait.ForAsync(async () => (await pod.LogsAsync("-c", "main")).Contains("asked", StringComparison.Ordinal), "SIGTERM");

        var terminating = await pod.ReadAsync();
        terminating.Metadata.DeletionTimestamp.ShouldNotBeNull();
        NodePod.Container(terminating)!.State.Running.ShouldNotBeNull();
        await pod.UntilGoneAsync();
        pod.Runs.ShouldAllBe(run => run.End != null);
        pod.Runs.ShouldAllBe(run => run.End < terminating.Metadata.DeletionTimestamp, "long before the grace period was over");
    }

    [Fact]
    public async Task A_program_that_does_not_listen_is_killed_when_its_grace_period_is_over()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "deaf", """
            terminationGracePeriodSeconds: 2
            containers: [{name: main, image: "tools:1", args: [-c, "trap '' TERM; echo up; sleep 1000"]}]
            """);
        await pod.UntilLoggedAsync("up");

        await pod.DeleteAsync();
        var deadline = (await pod.ReadAsync()).Metadata.DeletionTimestamp!.Value;
        await pod.UntilGoneAsync();

        var end = pod.Runs.ShouldHaveSingleItem().End.ShouldNotBeNull();
        end.ShouldBeGreaterThanOrEqualTo(new DateTimeOffset(deadline, TimeSpan.Zero).AddSeconds(-1), "a second is what the server's time is cut to");
    }

    [Fact]
    public async Task A_hook_runs_before_the_program_is_asked_to_end()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "hooked", """
            terminationGracePeriodSeconds: 60
            containers:
            - name: main
              image: "tools:1"
              args: [-c, "trap 'test -f /data/hook && echo after the hook; exit 0' TERM; echo up; while true; do sleep 0.1; done"]
              lifecycle: {preStop: {exec: {command: [touch, /data/hook]}}}
              volumeMounts: [{name: data, mountPath: /data}]
            volumes: [{name: data, emptyDir: {}}]
            """);
        await pod.UntilLoggedAsync("up");

        // A finalizer keeps the pod, and with it its log, until that was read.
        await fixture.Client.CoreV1.PatchNamespacedPodAsync(
            new V1Patch("""{"metadata":{"finalizers":["example.test/keep"]}}""", V1Patch.PatchType.MergePatch), pod.Name, ns.Name, cancellationToken: Cancellation);
        await pod.DeleteAsync();

        await pod.UntilPhaseAsync("Succeeded");
        (await pod.LogsAsync()).ShouldBe("up\nafter the hook\n");
        await fixture.Client.CoreV1.PatchNamespacedPodAsync(
            new V1Patch("""{"metadata":{"finalizers":null}}""", V1Patch.PatchType.MergePatch), pod.Name, ns.Name, cancellationToken: Cancellation);
        await pod.UntilGoneAsync();
    }

    [Fact]
    public async Task The_processes_of_a_pod_that_was_deleted_by_force_end_as_well()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "forced", """
            terminationGracePeriodSeconds: 600
            containers: [{name: main, image: "tools:1", args: [-c, "trap '' TERM; echo up; sleep 1000"]}]
            """);
        await pod.UntilLoggedAsync("up");

        await pod.DeleteAsync(grace: 0);

        await pod.UntilGoneAsync();
        await Wait.ForAsync(() => Task.FromResult(pod.Runs is [{ End: not null }]), "the end of its process");
    }

    [Fact]
    public async Task Pods_live_through_an_outage_of_the_api_server_and_end_with_the_node()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the API server of an existing cluster is not ours to stop");
        var marker = $"marker-{Guid.NewGuid():N}";
        var cluster = await LocalCluster.Cluster.StartAsync(
            new LocalClusterOptions { Postgres = false, Telegram = false, Node = new NodeAgentOptions { BackOff = TimeSpan.FromSeconds(1) } }, Cancellation);
        await using (cluster)
        {
            using var client = cluster.CreateClient();
            await TestNamespace.UntilPodsAreTakenAsync(cluster, client, "default");
            var pod = await NodePod.CreateAsync(cluster, client, "default", "lasting", $$"""
                containers:
                - {name: main, image: "tools:1", args: [-c, "sleep 1000; echo {{marker}}"]}
                - {name: other, image: "tools:1", args: [-c, "echo $$; sleep 1000"]}
                """);
            await pod.UntilReadyAsync();

            await cluster.StopApiServerAsync();
            cluster.Node.KillContainer("default", "lasting", "other").ShouldBeTrue();
            await Wait.ForAsync(() => Task.FromResult(pod.Runs.Count(run => run.Container == "other") == 2), "the restart");
            await cluster.StartApiServerAsync(Cancellation);

            var current = await pod.UntilAsync(candidate => NodePod.Container(candidate, "other") is { RestartCount: 1, Ready: true }, "the report of the restart");
            NodePod.Container(current)!.RestartCount.ShouldBe(0);
            pod.Runs.Count(run => run.Container == "main").ShouldBe(1);
            Processes(marker).ShouldNotBeEmpty();
        }

        Processes(marker).ShouldBeEmpty();
    }

    /// <summary>Command lines of processes of this machine that hold a text.</summary>
    private static string[] Processes(string text) =>
    [
        .. Directory.EnumerateDirectories("/proc").Where(folder => char.IsAsciiDigit(Path.GetFileName(folder)[0])).Select(CommandLine).Where(line => line.Contains(text, StringComparison.Ordinal)),
    ];

    private static string CommandLine(string folder)
    {
        try
        {
            return File.ReadAllText(Path.Combine(folder, "cmdline"));
        }
        catch (IOException)
        {
            return "";
        }
    }
}
