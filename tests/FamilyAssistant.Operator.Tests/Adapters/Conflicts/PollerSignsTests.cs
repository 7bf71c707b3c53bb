using FamilyAssistant.Operator.Adapters.Conflicts;
using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Adapters.Conflicts;

public sealed class PollerSignsTests
{
    [Theory]
    [InlineData("ghcr.io/werdnum/family-assistant:20260222_031455", 2)]
    [InlineData("family-assistant", 2)]
    [InlineData("registry.example.com:5000/home/family-assistant@sha256:0123", 2)]
    [InlineData("ghcr.io/family-assistant/operator:0.1.0", 0)]
    [InlineData("registry.example.com/family-assistant-web:1", 0)]
    [InlineData("postgres:17", 0)]
    [InlineData("", 0)]
    public void The_image_counts_by_the_last_part_of_its_path(string image, int expected) => PollerSigns.Of(Pod(image)).ShouldBe(expected);

    [Theory]
    [InlineData("app", "family-assistant", 1)]
    [InlineData("app.kubernetes.io/name", "family-assistant", 1)]
    [InlineData("app.kubernetes.io/name", "family-assistant-operator", 0)]
    [InlineData("tier", "family-assistant", 0)]
    public void A_label_is_a_weak_sign(string label, string value, int expected)
    {
        var pod = Pod("busybox");
        pod.Metadata.Labels = new Dictionary<string, string> { [label] = value };
        PollerSigns.Of(pod).ShouldBe(expected);
    }

    [Fact]
    public void A_container_that_is_given_a_token_is_the_surest_sign()
    {
        var pod = Pod("my-own-build:1");
        pod.Spec.Containers[0].Env = [new V1EnvVar { Name = "TELEGRAM_BOT_TOKEN" }];
        PollerSigns.Of(pod).ShouldBe(3);
    }

    [Theory]
    [InlineData("Pending")]
    [InlineData("Succeeded")]
    [InlineData("Failed")]
    [InlineData(null)]
    public void What_does_not_run_does_not_poll(string? phase)
    {
        var pod = Pod("family-assistant");
        pod.Status = new V1PodStatus { Phase = phase };
        PollerSigns.Of(pod).ShouldBe(0);
    }

    [Fact]
    public void A_pod_that_lacks_everything_is_none() => PollerSigns.Of(new V1Pod { Metadata = new V1ObjectMeta { Name = "p" } }).ShouldBe(0);

    [Theory]
    [InlineData("ReplicaSet", "assistant-5d8f7c9b6", "5d8f7c9b6", "Deployment", "assistant")]
    [InlineData("ReplicaSet", "assistant-5d8f7c9b6", "other", "ReplicaSet", "assistant-5d8f7c9b6")]
    [InlineData("ReplicaSet", "assistant", null, "ReplicaSet", "assistant")]
    [InlineData("StatefulSet", "assistant", null, "StatefulSet", "assistant")]
    [InlineData("Job", "try-out", null, "Job", "try-out")]
    public void A_pod_is_named_with_what_keeps_it_running(string kind, string name, string? hash, string expectedKind, string expectedName)
    {
        var pod = Pod("x");
        pod.Metadata.Labels = hash is null ? null : new Dictionary<string, string> { ["pod-template-hash"] = hash };
        pod.Metadata.OwnerReferences = [new V1OwnerReference { Kind = "Node", Name = "n" }, new V1OwnerReference { Kind = kind, Name = name, Controller = true }];
        PollerSigns.Describe(pod).ShouldBe(new SuspectedPoller(new ObjectKey("elsewhere", "p"), expectedKind, expectedName));
    }

    [Fact]
    public void A_pod_on_its_own_has_no_controller() => PollerSigns.Describe(Pod("x")).ShouldBe(new SuspectedPoller(new ObjectKey("elsewhere", "p"), null, null));

    private static V1Pod Pod(string image) => new()
    {
        Metadata = new V1ObjectMeta { Name = "p", NamespaceProperty = "elsewhere" },
        Spec = new V1PodSpec { Containers = [new V1Container { Name = "c", Image = image }] },
        Status = new V1PodStatus { Phase = "Running" },
    };
}
