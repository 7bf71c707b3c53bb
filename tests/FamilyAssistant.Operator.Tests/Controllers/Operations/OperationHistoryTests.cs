using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers.Operations;

public sealed class OperationHistoryTests
{
    private readonly OperationWorld _world = new();

    public static TheoryData<string> Marks =>
    [
        """{"annotations": {"argocd.argoproj.io/tracking-id": "home:family-assistant.io/FamilyAssistantOperation:home/old"}}""",
        """{"labels": {"argocd.argoproj.io/instance": "home"}}""",
        """{"labels": {"app.kubernetes.io/instance": "home"}}""",
        """{"labels": {"kustomize.toolkit.fluxcd.io/name": "home"}}""",
        """{"labels": {"helm.toolkit.fluxcd.io/name": "home"}}""",
        """{"annotations": {"meta.helm.sh/release-name": "home"}}""",
        """{"labels": {"app.kubernetes.io/managed-by": "Helm"}}""",
    ];

    [Fact]
    public async Task Beyond_the_limit_the_oldest_finished_ones_go_and_those_that_have_not_ended_stay()
    {
        _world.World.EditSpec(("operationHistoryLimit", "2"));
        _world.Ended("c", "2026-11-23T10:00:03Z");
        _world.Ended("a", "2026-11-23T10:00:01Z");
        _world.Ended("b", "2026-11-23T10:00:02Z");
        _world.Ended("d", "2026-11-23T10:00:04Z");
        _world.Create("waiting", created: "2026-11-23T09:00:00Z");

        await _world.PassAsync("c");

        _world.Cluster.Writes.ShouldBe(["delete FamilyAssistantOperation home/a", "delete FamilyAssistantOperation home/b"]);
        Left().ShouldBe(["c", "d", "waiting"]);
    }

    [Theory]
    [InlineData(0, 0)]
    [InlineData(1, 1)]
    [InlineData(1000, 3)]
    public async Task The_limit_is_that_of_the_instance(int limit, int left)
    {
        _world.World.EditSpec(("operationHistoryLimit", $"{limit}"));
        _world.Ended("a", "2026-11-23T10:00:01Z");
        _world.Ended("b", "2026-11-23T10:00:02Z");
        _world.Ended("c", "2026-11-23T10:00:03Z");

        await _world.PassAsync("b");

        Left().Count().ShouldBe(left);
    }

    [Theory]
    [MemberData(nameof(Marks))]
    public async Task What_a_tool_would_create_again_is_neither_deleted_nor_counted(string metadata)
    {
        _world.World.EditSpec(("operationHistoryLimit", "1"));
        _world.Ended("old", "2026-11-23T10:00:01Z", metadata);
        _world.Ended("older", "2026-11-23T10:00:00Z");

        await _world.PassAsync("older");
        Left().ShouldBe(["old", "older"]);

        _world.Ended("new", "2026-11-23T10:00:02Z");
        await _world.PassAsync("new");
        Left().ShouldBe(["new", "old"]);
    }

    [Fact]
    public async Task Without_an_instance_nothing_says_how_many_to_keep()
    {
        _world.World.EditSpec(("operationHistoryLimit", "0"));
        _world.Ended("a", "2026-11-23T10:00:01Z");
        _world.Cluster.Drop(Kinds.Instance, InstanceWorld.Key("fa"));

        await _world.PassAsync("a");

        Left().ShouldBe(["a"]);
    }

    [Fact]
    public void A_changed_instance_wakes_those_that_have_not_ended_and_one_that_has()
    {
        _world.Ended("a", "2026-11-23T10:00:01Z");
        _world.Ended("b", "2026-11-23T10:00:02Z");
        _world.Create("c");
        _world.Create("d", """{"action": "Restart", "instanceRef": {"name": "elsewhere"}}""");
        var instance = _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!;

        var keys = ProcedureSources.OfInstance(Kinds.Operation)(_world.Cluster, instance).Select(key => key.Name).ToList();

        keys.ShouldContain("c");
        keys.Count.ShouldBe(2);
        keys.ShouldNotContain("d");
        ProcedureSources.OfSibling(Kinds.Operation)(_world.Cluster, _world.Cluster.Look(Kinds.Operation, InstanceWorld.Key("a"))!).Select(key => key.Name).ShouldBe(["c"]);
    }

    [Fact]
    public async Task An_operation_wakes_the_instance_exactly_when_it_has_its_turn()
    {
        var operation = _world.Create("a");
        ProcedureSources.HeldBy(_world.Cluster, operation).ShouldBeEmpty();

        await _world.PassAsync("a");

        ProcedureSources.HeldBy(_world.Cluster, operation).ShouldBe([InstanceWorld.Key("fa")]);
    }

    [Fact]
    public void A_pod_of_an_instance_wakes_the_operations_that_wait_for_it()
    {
        _world.Create("a");
        _world.Ended("b", "2026-11-23T10:00:02Z");

        ProcedureSources.OfOwned(Kinds.Operation)(_world.Cluster, Pods.Put(_world.World, Pods.Ready)).Select(key => key.Name).ShouldBe(["a"]);
        ProcedureSources.OfOwned(Kinds.Operation)(_world.Cluster, Pods.PutForeign(_world.World, "stranger")).ShouldBeEmpty();
    }

    private IEnumerable<string> Left() => _world.Cluster.All(Kinds.Operation, InstanceWorld.Namespace).Select(found => found.Key.Name).Order(StringComparer.Ordinal);
}
