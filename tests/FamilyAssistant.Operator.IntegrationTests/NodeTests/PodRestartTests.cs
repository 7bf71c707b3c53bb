using FamilyAssistant.Operator.IntegrationTests.Infrastructure;
using FamilyAssistant.Operator.LocalCluster.Images;
using Shouldly;
using Xunit;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>What becomes of containers that end, fail, or cannot start.</summary>
public sealed class PodRestartTests(ClusterFixture fixture)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Init_containers_run_one_after_the_other_and_before_all_others()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "ordered", """
            restartPolicy: OnFailure
            initContainers:
            - {name: first, image: "tools:1", args: [-c, "test -f /data/tried || { touch /data/tried; exit 1; }; echo first >> /data/order"], volumeMounts: [{name: data, mountPath: /data}]}
            - {name: second, image: "tools:1", args: [-c, "echo second >> /data/order"], volumeMounts: [{name: data, mountPath: /data}]}
            containers:
            - {name: main, image: "tools:1", args: [-c, "cat /data/order"], volumeMounts: [{name: data, mountPath: /data}]}
            volumes: [{name: data, emptyDir: {}}]
            """);

        (await pod.OutputAsync()).ShouldBe(["first", "second"]);

        var status = (await pod.ReadAsync()).Status;
        NodePod.Container(await pod.ReadAsync(), "first")!.RestartCount.ShouldBe(1);
        status.InitContainerStatuses.ShouldAllBe(container => container.Ready && container.State.Terminated.Reason == "Completed");
        status.Conditions.Single(condition => condition.Type == "Initialized").Status.ShouldBe("True");
    }

    [Fact]
    public async Task A_failed_init_container_that_is_not_restarted_fails_the_pod()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "failed", """
            restartPolicy: Never
            initContainers: [{name: first, image: "tools:1", args: [-c, "exit 7"]}]
            containers: [{name: main, image: "tools:1"}]
            """);

        var status = (await pod.UntilPhaseAsync("Failed")).Status;

        status.InitContainerStatuses[0].State.Terminated.ExitCode.ShouldBe(7);
        status.ContainerStatuses[0].State.Waiting.Reason.ShouldBe("PodInitializing");
        status.Conditions.Single(condition => condition.Type == "Initialized").Message.ShouldBe("containers with incomplete status: [first]");
    }

    [Fact]
    public async Task A_container_that_fails_again_and_again_is_restarted_after_growing_delays()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "crashing", """
            containers: [{name: main, image: "tools:1", args: [-c, "echo run; exit 5"]}]
            """);

        var status = (await pod.UntilAsync(
            current => NodePod.Container(current) is { RestartCount: 3, State.Waiting.Reason: "CrashLoopBackOff" }, "the third restart")).Status;

        status.Phase.ShouldBe("Running");
        var container = status.ContainerStatuses[0];
        container.Ready.ShouldBeFalse();
        container.State.Waiting.Message.ShouldStartWith("back-off 8s restarting failed container=main pod=crashing_");
        container.LastState.Terminated.ExitCode.ShouldBe(5);
        container.LastState.Terminated.Reason.ShouldBe("Error");
        status.Conditions.Single(condition => condition.Type == "Ready").Reason.ShouldBe("ContainersNotReady");
        await pod.UntilEventAsync("BackOff", "Back-off restarting failed container");
        (await pod.LogsAsync("--previous")).ShouldBe("run\n");

        // The first restart comes at once, each of the next at least the doubled delay after the end.
        var runs = pod.Runs;
        runs.Zip(runs.Skip(1)).Any(pair => pair.First.Overlaps(pair.Second)).ShouldBeFalse();
        (runs[2].Start - runs[1].End!.Value).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(2));
        (runs[3].Start - runs[2].End!.Value).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromSeconds(4));
    }

    [Fact]
    public async Task A_program_that_does_not_exist_is_a_start_error()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "nothing", """
            restartPolicy: Never
            containers: [{name: main, image: "tools:1", command: [no-such-program]}]
            """);

        var ended = (await pod.UntilPhaseAsync("Failed")).Status.ContainerStatuses[0].State.Terminated;

        ended.Reason.ShouldBe("StartError");
        ended.ExitCode.ShouldBe(128);
        ended.Message.ShouldContain("no-such-program");
    }

    [Fact]
    public async Task An_image_that_cannot_be_pulled_is_tried_again()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        fixture.Require(server => server.IsOwned && server.RunsPods, "the registry of an existing cluster is not ours");
        var repository = $"late-{ns.Name}";
        var pod = await NodePod.CreateAsync(fixture, ns, "late", $$"""
            restartPolicy: Never
            containers: [{name: main, image: "{{repository}}:1", args: [-c, "echo pulled"]}]
            """);

        (await pod.UntilWaitingAsync("ErrImagePull")).Status.Phase.ShouldBe("Pending");
        NodePod.Container(await pod.UntilWaitingAsync("ImagePullBackOff"))!.State.Waiting.Message.ShouldBe($"Back-off pulling image \"{repository}:1\"");
        fixture.Cluster.Images.Add(repository, new LocalImage { Reference = repository, Digest = "sha256:" + new string('1', 64), Entrypoint = ["/bin/sh"] });

        (await pod.OutputAsync()).ShouldBe(["pulled"]);
        NodePod.Container(await pod.ReadAsync())!.ImageID.ShouldBe($"{repository}@sha256:{new string('1', 64)}");
    }

    [Fact]
    public async Task An_image_that_would_run_as_root_is_refused_where_that_is_forbidden()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "root", """
            securityContext: {runAsNonRoot: true}
            containers: [{name: main, image: "tools:1"}]
            """);

        NodePod.Container(await pod.UntilWaitingAsync("CreateContainerConfigError"))!.State.Waiting.Message.ShouldStartWith("container has runAsNonRoot and image will run as root (pod: \"root_");
    }

    [Fact]
    public async Task A_container_may_leave_a_last_message()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "message", """
            restartPolicy: Never
            securityContext: {runAsUser: 1001}
            containers:
            - {name: main, image: "tools:1", args: [-c, "echo to the log; printf to-the-file > /dev/termination-log"]}
            - {name: other, image: "tools:1", args: [-c, "printf there > /tmp/last"], terminationMessagePath: /tmp/last}
            - {name: logged, image: "tools:1", args: [-c, "echo one; echo two >&2; exit 3"], terminationMessagePolicy: FallbackToLogsOnError}
            - {name: silent, image: "tools:1", args: [-c, "echo one; exit 3"]}
            """);

        var current = await pod.UntilPhaseAsync("Failed");

        string? Message(string name) => NodePod.Container(current, name)!.State.Terminated.Message;
        Message("main").ShouldBe("to-the-file");
        Message("other").ShouldBe("there");
        Message("logged").ShouldNotBeNull().Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["one", "two"], ignoreOrder: true);
        Message("silent").ShouldBeNull();
    }

    [Fact]
    public async Task A_killed_container_is_restarted_where_the_pod_says_so()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "killed", """
            containers: [{name: main, image: "tools:1", args: [-c, "exec sleep 1000"]}]
            """);
        await pod.UntilReadyAsync();

        fixture.Cluster.Node.KillContainer(ns.Name, pod.Name, "main").ShouldBeTrue();

        var container = NodePod.Container(await pod.UntilAsync(current => NodePod.Container(current) is { RestartCount: 1, Ready: true }, "the restart"))!;
        container.LastState.Terminated.ExitCode.ShouldBe(137);
        pod.Runs.Count.ShouldBe(2);
        pod.Runs[0].End.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_job_runs_to_its_end_and_a_failing_one_to_its_limit()
    {
        fixture.Require(server => server.IsOwned && server.RunsPods, "the images are of this machine's own node");
        await using var ns = await fixture.CreateNamespaceAsync();
        await NodePod.CreateAsync(fixture, ns, "unrelated", "restartPolicy: Never\ncontainers: [{name: main, image: \"tools:1\"}]");
        await CreateJobAsync(ns, "good", "exit 0");
        await CreateJobAsync(ns, "bad", "exit 1");

        await UntilJobAsync(ns, "good", "Complete");
        await UntilJobAsync(ns, "bad", "Failed");
        (await ReadJobAsync(ns, "bad")).Status.Failed.ShouldBe(2);
    }

    [Fact]
    public async Task A_pod_that_runs_longer_than_its_deadline_fails()
    {
        await using var ns = await fixture.CreateNamespaceAsync();
        var pod = await NodePod.CreateAsync(fixture, ns, "endless", """
            activeDeadlineSeconds: 2
            restartPolicy: Never
            containers: [{name: main, image: "tools:1", args: [-c, "trap 'exit 0' TERM; while true; do sleep 0.1; done"]}]
            """);

        var status = (await pod.UntilPhaseAsync("Failed")).Status;

        status.Reason.ShouldBe("DeadlineExceeded");
        await Wait.ForAsync(() => Task.FromResult(pod.Runs is [{ End: not null }]), "the end of its process");
    }

    private async Task CreateJobAsync(TestNamespace ns, string name, string script)
    {
        var job = KubernetesYaml.Deserialize<V1Job>($$"""
            metadata: {name: {{name}}}
            spec:
              backoffLimit: 1
              template:
                spec:
                  restartPolicy: Never
                  containers: [{name: main, image: "tools:1", args: [-c, "{{script}}"]}]
            """);
        await fixture.Client.BatchV1.CreateNamespacedJobAsync(job, ns.Name, cancellationToken: Cancellation);
    }

    private Task<V1Job> ReadJobAsync(TestNamespace ns, string name) => fixture.Client.BatchV1.ReadNamespacedJobAsync(name, ns.Name, cancellationToken: Cancellation);

    private Task UntilJobAsync(TestNamespace ns, string name, string condition) => Wait.ForAsync(
        async () => (await ReadJobAsync(ns, name)).Status.Conditions?.Any(candidate => candidate.Type == condition && candidate.Status == "True") == true,
        $"condition {condition} of job {name}");
}
