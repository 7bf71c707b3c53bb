using FamilyAssistant.Operator.Concerns.Database;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Database;

public sealed class ServerPodsTests
{
    private readonly InstanceWorld _world = new();

    [Fact]
    public void Only_ready_pods_make_the_incarnation_and_their_order_does_not()
    {
        var b = Pods.Put(_world, Pods.Ready, name: "b");
        Incarnation().ShouldBe($"{b.Uid}:0");
        Pods.Put(_world, Pods.NotReady, name: "c");
        Pods.Put(_world, Pods.Unschedulable, name: "d");
        var leaving = Pods.Put(_world, Pods.Ready, name: "e");
        _world.Cluster.Edit(ResourceTypes.Pod, leaving.Key, """{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z", "finalizers": ["example.com/wait"]} }""");
        Incarnation().ShouldBe($"{b.Uid}:0");
        var a = Pods.Put(_world, Pods.Ready, name: "a");
        string[] both = [$"{a.Uid}:0", $"{b.Uid}:0"];
        Incarnation().ShouldBe(string.Join(' ', both.Order(StringComparer.Ordinal)));
    }

    [Fact]
    public void A_pod_of_the_same_name_is_another_incarnation()
    {
        Pods.Put(_world, Pods.Ready);
        var before = Incarnation();
        Pods.Put(_world, Pods.Ready);
        Incarnation().ShouldNotBe(before);
    }

    [Fact]
    public void Without_pods_there_is_none() => Incarnation().ShouldBe("");

    private string Incarnation() => ServerPods.Incarnation(_world.Pass());
}
