using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using FamilyAssistant.Operator.LocalCluster.Node.Probes;
using FamilyAssistant.Operator.LocalCluster.Node.Sandbox;
using Shouldly;
using Xunit;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>The rules of a kubelet that need no cluster to be tested.</summary>
public sealed class PodRulesTests
{
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);

    [Theory]
    [InlineData("plain", "plain")]
    [InlineData("$(A)-$(B)", "1-2")]
    [InlineData("$(C)", "$(C)")]
    [InlineData("$$(A)", "$(A)")]
    [InlineData("$$$(A)", "$1")]
    [InlineData("$A $", "$A $")]
    [InlineData("a $(A", "a $(A")]
    [InlineData("$(A)$(", "1$(")]
    public void References_are_replaced_where_they_are_known(string text, string expanded) =>
        Expansion.Expand(text, new Dictionary<string, string> { ["A"] = "1", ["B"] = "2" }).ShouldBe(expanded);

    [Fact]
    public void A_delay_doubles_up_to_its_limit_and_is_forgotten_after_a_long_while()
    {
        var backOff = new BackOff(TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(30));

        backOff.Until(Start).ShouldBe(Start, "the first restart comes at once");
        backOff.Grow(Start);
        backOff.Until(Start).ShouldBe(Start.AddSeconds(10));
        backOff.Grow(Start);
        backOff.Until(Start).ShouldBe(Start.AddSeconds(20));
        backOff.Grow(Start);
        backOff.Grow(Start);
        backOff.Until(Start).ShouldBe(Start.AddSeconds(30));
        backOff.Until(Start.AddSeconds(61)).ShouldBe(Start.AddSeconds(61));
        backOff.Grow(Start.AddSeconds(61));
        backOff.Delay.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void A_probe_decides_after_enough_equal_results_in_a_row()
    {
        var tally = new ProbeTally(successThreshold: 2, failureThreshold: 3);

        string Verdicts(string results) => string.Concat(results.Select(result => tally.Add(result == '+') switch { true => '+', false => '-', null => '.' }));

        Verdicts("++--+----++").ShouldBe(".+.....--.+");
    }

    [Theory]
    [InlineData("Always", "running", "Running")]
    [InlineData("Always", "running waiting", "Pending")]
    [InlineData("Always", "ok failed", "Running")]
    [InlineData("Always", "restarting", "Running")]
    [InlineData("OnFailure", "ok ok", "Succeeded")]
    [InlineData("OnFailure", "ok failed", "Running")]
    [InlineData("Never", "ok failed", "Failed")]
    [InlineData("Never", "failed running", "Running")]
    [InlineData("Never", "ok ok", "Succeeded")]
    public void The_phase_follows_from_the_containers(string restartPolicy, string containers, string phase) =>
        PodPhases.Of(restartPolicy, [], [.. containers.Split(' ').Select(State)]).ShouldBe(phase);

    [Theory]
    [InlineData("Always", "running", "Pending")]
    [InlineData("Always", "failed", "Pending")]
    [InlineData("Never", "failed", "Failed")]
    [InlineData("Never", "ok", "Running")]
    public void The_phase_is_pending_until_the_init_containers_are_done(string restartPolicy, string init, string phase) =>
        PodPhases.Of(restartPolicy, [State(init, isInit: true)], [State("running")]).ShouldBe(phase);

    [Fact]
    public void The_time_of_a_transition_stays_until_the_status_changes()
    {
        var pod = new V1Pod { Spec = new V1PodSpec() };
        var waiting = PodConditions.Of(pod, PodPhases.Pending, [], [State("waiting")], [], Start);
        var still = PodConditions.Of(pod, PodPhases.Pending, [], [State("waiting")], waiting, Start.AddSeconds(1));
        var ready = PodConditions.Of(pod, PodPhases.Running, [], [State("running")], still, Start.AddSeconds(2));

        DateTime? Ready(IList<V1PodCondition> conditions) => conditions.Single(condition => condition.Type == "Ready").LastTransitionTime;
        Ready(still).ShouldBe(Start.UtcDateTime);
        Ready(ready).ShouldBe(Start.AddSeconds(2).UtcDateTime);
        ready.Single(condition => condition.Type == "Initialized").LastTransitionTime.ShouldBe(Start.UtcDateTime);
    }

    [Fact]
    public void A_readiness_gate_of_another_controller_keeps_a_pod_from_being_ready()
    {
        var pod = new V1Pod { Spec = new V1PodSpec { ReadinessGates = [new V1PodReadinessGate { ConditionType = "example.test/gate" }] } };

        string Ready() => PodConditions.Of(pod, PodPhases.Running, [], [State("running")], [], Start).Single(condition => condition.Type == "Ready").Status;

        Ready().ShouldBe("False");
        pod.Status = new V1PodStatus { Conditions = [new V1PodCondition { Type = "example.test/gate", Status = "True" }] };
        Ready().ShouldBe("True");
    }

    [Theory]
    [InlineData("Upper/case:1", "InvalidImageName")]
    [InlineData("with space", "InvalidImageName")]
    [InlineData("absent:1", "ErrImagePull")]
    [InlineData("registry.example.test:5000/a/b:tag", "ErrImagePull")]
    public void An_image_that_cannot_be_had_has_a_reason(string reference, string reason) =>
        Should.Throw<ImagePullException>(() => new ImagePuller(new Registry()).Pull(reference, null)).Reason.ShouldBe(reason);

    [Fact]
    public void An_image_stays_on_the_node_unless_it_is_always_pulled()
    {
        var registry = new Registry { Image = new LocalImage { Reference = "some:1", Digest = "sha256:1", Entrypoint = ["sh"] } };
        var puller = new ImagePuller(registry);
        Should.Throw<ImagePullException>(() => puller.Pull("some:1", "Never")).Reason.ShouldBe("ErrImageNeverPull");

        puller.Pull("some:1", "IfNotPresent").WasPresent.ShouldBeFalse();
        registry.Image = null;

        puller.Pull("some:1", "IfNotPresent").WasPresent.ShouldBeTrue();
        puller.Pull("some:1", "Never").WasPresent.ShouldBeTrue();
        Should.Throw<ImagePullException>(() => puller.Pull("some:1", "Always")).BackOffMessage.ShouldBe("Back-off pulling image \"some:1\"");
    }

    [Fact]
    public void A_mount_point_that_the_image_lacks_gets_room_and_the_rest_of_the_image_stays()
    {
        using var image = new TemporaryFolder();
        Directory.CreateDirectory(Path.Combine(image.Path, "sub"));
        File.WriteAllText(Path.Combine(image.Path, "sub", "file"), "");
        File.WriteAllText(Path.Combine(image.Path, "other"), "");
        string[] Arguments(string containerPath) =>
        [
            .. RootFileSystem.Arguments(new SandboxSpec
            {
                HostName = "pod",
                HostsFile = "/hosts",
                ImageMounts = [new ImageMount(image.Path, "/app")],
                Mounts = [new SandboxMount("/volume", containerPath, ReadOnly: true)],
                WorkingDirectory = "/",
                Command = [],
                Environment = new Dictionary<string, string>(),
                User = new SandboxUser(0, 0, [], DropCapabilities: false),
            }),
        ];

        string.Join(' ', Arguments("/app/sub")).ShouldContain($"--ro-bind {image.Path} /app --ro-bind /volume /app/sub");
        string.Join(' ', Arguments("/app/sub/new")).ShouldContain(
            $"--dir /app --ro-bind {image.Path}/other /app/other --dir /app/sub --ro-bind {image.Path}/sub/file /app/sub/file --ro-bind /volume /app/sub/new");
        string.Join(' ', Arguments("/var/run/secrets")).ShouldContain("--ro-bind /volume /run/secrets");
        string.Join(' ', Arguments("/var/run/secrets/token/of")).ShouldContain("--dir /run/secrets --dir /run/secrets/token", customMessage: "made by bwrap itself they would be root's alone");
    }

    private static V1ContainerStatus State(string kind) => State(kind, isInit: false);

    private static V1ContainerStatus State(string kind, bool isInit)
    {
        var ended = new V1ContainerStateTerminated { ExitCode = kind == "ok" ? 0 : 1 };
        return new V1ContainerStatus
        {
            Name = kind,
            Ready = kind == (isInit ? "ok" : "running"),
            State = kind switch
            {
                "running" => new V1ContainerState { Running = new V1ContainerStateRunning() },
                "waiting" or "restarting" => new V1ContainerState { Waiting = new V1ContainerStateWaiting() },
                _ => new V1ContainerState { Terminated = ended },
            },
            LastState = new V1ContainerState { Terminated = kind == "restarting" ? ended : null },
        };
    }

    private sealed class Registry : IImageStore
    {
        public LocalImage? Image { get; set; }

        public LocalImage? Find(string reference) => Image;
    }

    private sealed class TemporaryFolder : IDisposable
    {
        public string Path { get; } = Directory.CreateTempSubdirectory("node-tests-").FullName;

        public void Dispose() => Directory.Delete(Path, recursive: true);
    }
}
