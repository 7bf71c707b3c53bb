using FamilyAssistant.Operator.LocalCluster.Node.Scheduling;
using Shouldly;
using Xunit;
using k8s.Models;

namespace FamilyAssistant.Operator.IntegrationTests.NodeTests;

/// <summary>The node takes the pods that kube-scheduler would give it, and says in its words why not.</summary>
public sealed class SchedulingRulesTests
{
    private static readonly V1Pod Plain = TestPod.Build("plain");

    [Fact]
    public void A_pod_that_fits_is_bound() => Decide(Plain).ShouldBeOfType<SchedulingDecision.Bind>();

    [Fact]
    public void Without_a_node_a_pod_waits() => Refusal(Plain, node: null).ShouldBe("no nodes available to schedule pods");

    [Fact]
    public void A_cordoned_node_takes_only_who_tolerates_it()
    {
        var node = Node();
        node.Spec.Unschedulable = true;
        node.Spec.Taints = [new V1Taint { Key = "node.kubernetes.io/unschedulable", Effect = "NoSchedule" }];

        Refusal(Plain, node).ShouldBe("0/1 nodes are available: 1 node(s) were unschedulable.");
        var tolerant = TestPod.Build("tolerant");
        tolerant.Spec.Tolerations = [new V1Toleration { Key = "node.kubernetes.io/unschedulable", OperatorProperty = "Exists" }];
        Decide(tolerant, node).ShouldBeOfType<SchedulingDecision.Bind>();
    }

    [Theory]
    [InlineData("NoSchedule", false)]
    [InlineData("NoExecute", false)]
    [InlineData("PreferNoSchedule", true)]
    public void A_taint_keeps_off_who_does_not_tolerate_it(string effect, bool isBound)
    {
        var node = Node();
        node.Spec.Taints = [new V1Taint { Key = "for", Value = "others", Effect = effect }];
        var tolerant = TestPod.Build("tolerant");
        tolerant.Spec.Tolerations = [new V1Toleration { Key = "for", Value = "others" }];

        (Decide(Plain, node) is SchedulingDecision.Bind).ShouldBe(isBound);
        Decide(tolerant, node).ShouldBeOfType<SchedulingDecision.Bind>();
    }

    [Fact]
    public void A_node_selector_must_match()
    {
        var pod = TestPod.Build("selective");
        pod.Spec.NodeSelector = new Dictionary<string, string> { ["disk"] = "fast" };

        Refusal(pod, Node()).ShouldBe("0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector.");
        Decide(pod, Node(("disk", "fast"))).ShouldBeOfType<SchedulingDecision.Bind>();
    }

    [Theory]
    [InlineData("In", "fast", true)]
    [InlineData("In", "slow", false)]
    [InlineData("NotIn", "slow", true)]
    [InlineData("NotIn", "fast", false)]
    [InlineData("Exists", null, true)]
    [InlineData("DoesNotExist", null, false)]
    public void Required_node_affinity_must_match(string operation, string? value, bool isBound)
    {
        var pod = TestPod.Build("selective");
        pod.Spec.Affinity = new V1Affinity
        {
            NodeAffinity = new V1NodeAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution = new V1NodeSelector
                {
                    NodeSelectorTerms = [new V1NodeSelectorTerm { MatchExpressions = [new V1NodeSelectorRequirement { Key = "disk", OperatorProperty = operation, Values = value is null ? null : [value] }] }],
                },
            },
        };

        (Decide(pod, Node(("disk", "fast"))) is SchedulingDecision.Bind).ShouldBe(isBound);
    }

    [Theory]
    [InlineData("home", true)]
    [InlineData("other", false)]
    [InlineData(null, false)]
    public void Required_affinity_to_a_pod_must_match(string? runs, bool isBound)
    {
        var follower = Following("home");
        V1Pod[] bound = runs is null ? [] : [TestPod.Build("leader", new Dictionary<string, string> { ["instance"] = runs })];

        if (isBound)
        {
            Decide(follower, Node(("kubernetes.io/hostname", "local")), bound).ShouldBeOfType<SchedulingDecision.Bind>();
        }
        else
        {
            Refusal(follower, Node(("kubernetes.io/hostname", "local")), bound).ShouldBe("0/1 nodes are available: 1 node(s) didn't match pod affinity rules.");
        }
    }

    [Fact]
    public void Affinity_to_a_pod_looks_at_its_namespace_and_at_the_label_of_the_node()
    {
        var leader = TestPod.Build("leader", new Dictionary<string, string> { ["instance"] = "home" });
        Decide(Following("home"), Node(), leader).ShouldBeOfType<SchedulingDecision.Unschedulable>();

        leader.Metadata.NamespaceProperty = "another";
        Decide(Following("home"), Node(("kubernetes.io/hostname", "local")), leader).ShouldBeOfType<SchedulingDecision.Unschedulable>();
    }

    [Fact]
    public void The_first_of_pods_that_want_to_be_together_does_not_wait()
    {
        var first = Following("home");
        first.Metadata.Labels = new Dictionary<string, string> { ["instance"] = "home" };

        Decide(first, Node(("kubernetes.io/hostname", "local"))).ShouldBeOfType<SchedulingDecision.Bind>();
    }

    [Fact]
    public void What_others_have_asked_for_is_not_given_twice()
    {
        var half = TestPod.Build("half").Asking("cpu", "2500m");

        Decide(half).ShouldBeOfType<SchedulingDecision.Bind>();
        Refusal(half, Node(), bound: [half]).ShouldBe("0/1 nodes are available: 1 Insufficient cpu.");
        Refusal(TestPod.Build("large").Asking("memory", "9Gi"), Node()).ShouldBe("0/1 nodes are available: 1 Insufficient memory.");
        Refusal(Plain, Node(), bound: [.. Enumerable.Repeat(Plain, 10)]).ShouldBe("0/1 nodes are available: 1 Too many pods.");
    }

    [Fact]
    public void A_pod_waits_for_its_claims()
    {
        var pod = TestPod.Build("db", claim: "data");
        SchedulingDecision With(V1PersistentVolumeClaim? claim) => SchedulingRules.Decide(pod, new SchedulingPicture(Node(), [], _ => claim, name => name == "lazy"));

        With(null).ShouldBe(new SchedulingDecision.Unschedulable("0/1 nodes are available: persistentvolumeclaim \"data\" not found."));
        With(Claim("Pending", "eager")).ShouldBe(new SchedulingDecision.Unschedulable("0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims."));
        With(Claim("Pending", "lazy")).ShouldBeOfType<SchedulingDecision.Provision>().Claims.ShouldHaveSingleItem().Metadata.Name.ShouldBe("data");
        With(Claim("Bound", "lazy")).ShouldBeOfType<SchedulingDecision.Bind>();
    }

    private static V1Pod Following(string instance)
    {
        var pod = TestPod.Build("follower");
        pod.Spec.Affinity = new V1Affinity
        {
            PodAffinity = new V1PodAffinity
            {
                RequiredDuringSchedulingIgnoredDuringExecution =
                [
                    new V1PodAffinityTerm { TopologyKey = "kubernetes.io/hostname", LabelSelector = new V1LabelSelector { MatchLabels = new Dictionary<string, string> { ["instance"] = instance } } },
                ],
            },
        };
        return pod;
    }

    private static SchedulingDecision Decide(V1Pod pod) => Decide(pod, Node());

    private static SchedulingDecision Decide(V1Pod pod, V1Node? node, params V1Pod[] bound) => SchedulingRules.Decide(pod, new SchedulingPicture(node, bound, _ => null, _ => false));

    private static string Refusal(V1Pod pod, V1Node? node, params V1Pod[] bound) => Decide(pod, node, bound).ShouldBeOfType<SchedulingDecision.Unschedulable>().Message;

    private static V1PersistentVolumeClaim Claim(string phase, string storageClass) => new()
    {
        Metadata = new V1ObjectMeta { Name = "data" },
        Spec = new V1PersistentVolumeClaimSpec { StorageClassName = storageClass },
        Status = new V1PersistentVolumeClaimStatus { Phase = phase },
    };

    private static V1Node Node(params (string Key, string Value)[] labels) => new()
    {
        Metadata = new V1ObjectMeta { Name = "local", Labels = labels.ToDictionary(label => label.Key, label => label.Value) },
        Spec = new V1NodeSpec(),
        Status = new V1NodeStatus
        {
            Allocatable = new Dictionary<string, ResourceQuantity> { ["cpu"] = new("4"), ["memory"] = new("8Gi"), ["pods"] = new("10") },
        },
    };
}
