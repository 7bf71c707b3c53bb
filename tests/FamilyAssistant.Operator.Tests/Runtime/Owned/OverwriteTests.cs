using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Owned;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Runtime.Owned;

/// <summary>What others added and what is ours do not always go together; server-side apply leaves both and the API server refuses that.</summary>
public sealed class OverwriteTests
{
    private const string Probe = """
        {"metadata": {"name": "fa", "namespace": "home"},
         "spec": {"replicas": 1, "template": {"metadata": {"labels": {"app": "fa"} }, "spec": {"containers": [{"name": "app", "readinessProbe": {"httpGet": {"path": "/health"} } }]} } } }
        """;

    private static readonly ObjectKey Key = InstanceWorld.Key("fa");
    private readonly InstanceWorld _world = new();

    [Fact]
    public async Task Additions_that_do_not_go_together_with_ours_are_taken_away()
    {
        Put("""{"httpGet": null, "exec": {"command": ["true"]} }""");
        RefuseOnce();

        (await EnsureAsync()).Outcome.ShouldNotBe(EnsureOutcome.Unchanged);

        var spec = _world.Cluster.LookJson(ResourceTypes.StatefulSet, Key)!["spec"]!;
        spec["template"]!["spec"]!["containers"]![0]!["readinessProbe"]!.ToJsonString().ShouldBe("""{"httpGet":{"path":"/health"}}""");
        ((string?)spec["podManagementPolicy"]).ShouldBe("OrderedReady", "a part that the manifest does not name stays");
        _world.Cluster.Requests.Select(request => request.Split(' ')[0]).ShouldBe(["apply", "get", "patch", "apply"]);
    }

    [Fact]
    public async Task A_sum_that_the_server_stored_although_it_is_impossible_is_mended_too()
    {
        Put("""{"httpGet": {"path": "/health"}, "exec": {"command": ["true"]} }""");

        await EnsureAsync();

        var spec = _world.Cluster.LookJson(ResourceTypes.StatefulSet, Key)!["spec"]!;
        spec["template"]!["spec"]!["containers"]![0]!["readinessProbe"]!.ToJsonString().ShouldBe("""{"httpGet":{"path":"/health"}}""");
        _world.Cluster.Requests.Clear();
        (await EnsureAsync()).Outcome.ShouldBe(EnsureOutcome.Unchanged);
        _world.Cluster.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_selector_that_a_manual_installation_left_is_not_added_to()
    {
        var owner = _world.Cluster.Look(Kinds.Instance, Key)!.Uid;
        _world.Cluster.Put(ResourceTypes.Service, $$$"""
            {"metadata": {"name": "fa", "namespace": "home", "ownerReferences": [{"uid": "{{{owner}}}", "controller": true}]}, "spec": {"clusterIP": "10.0.0.1", "selector": {"app": "fa", "tier": "web"} } }
            """);

        await EnsureAsync(Manifest(ResourceTypes.Service, """{"metadata": {"name": "fa", "namespace": "home"}, "spec": {"selector": {"app": "fa"} } }"""));

        _world.Cluster.LookJson(ResourceTypes.Service, Key)!["spec"]!.ToJsonString().ShouldBe("""{"clusterIP":"10.0.0.1","selector":{"app":"fa"}}""");
    }

    [Theory]
    [InlineData("""{"name": "A", "value": "1"}""", """{"name": "A", "value": "1", "valueFrom": {"fieldRef": {} } }""", true)]
    [InlineData("""{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"} } }""", """{"name": "A", "valueFrom": {"secretKeyRef": {"name": "s"}, "configMapKeyRef": {"name": "c"} } }""", true)]
    [InlineData("""{"name": "v", "persistentVolumeClaim": {"claimName": "c"} }""", """{"name": "v", "persistentVolumeClaim": {"claimName": "c"}, "emptyDir": {} }""", true)]
    [InlineData("""{"name": "v", "persistentVolumeClaim": {"claimName": "c"} }""", """{"name": "v", "persistentVolumeClaim": {"claimName": "c"}, "emptyDir": null, "other": 1}""", false)]
    [InlineData("""{"name": "v", "persistentVolumeClaim": {"claimName": "c"} }""", """{"name": "v", "persistentVolumeClaim": {"claimName": "d"}, "emptyDir": {} }""", false)]
    [InlineData("""{"selector": {"app": "fa"} }""", """{"selector": {"app": "fa", "tier": "web"} }""", true)]
    [InlineData("""{"podSelector": {"matchLabels": {"app": "fa"} } }""", """{"podSelector": {"matchLabels": {"app": "fa"}, "matchExpressions": [{"key": "x"}]} }""", true)]
    [InlineData("""{"labels": {"app": "fa"} }""", """{"labels": {"app": "fa", "tier": "web"} }""", false)]
    public void An_excluding_member_of_others_is_told_from_every_other_difference(string desired, string live, bool onlyRivals) =>
        Coverage.OnlyRivalsDiffer(System.Text.Json.JsonElement.Parse($"[{desired}]"), System.Text.Json.JsonElement.Parse($"[{live}]")).ShouldBe(onlyRivals);

    [Fact]
    public async Task A_manifest_that_is_wrong_itself_is_refused_and_nothing_is_taken_away()
    {
        Put("""{"httpGet": {"path": "/old"} }""");
        var before = _world.Cluster.Look(ResourceTypes.StatefulSet, Key)!;
        _world.Cluster.Fail = request => request.StartsWith("get", StringComparison.Ordinal) ? null : FakeCluster.Error(HttpStatusCode.UnprocessableEntity, "wrong");

        (await Should.ThrowAsync<ClusterApiException>(EnsureAsync)).Class.ShouldBe(ErrorClass.Invalid);

        _world.Cluster.Look(ResourceTypes.StatefulSet, Key)!.ResourceVersion.ShouldBe(before.ResourceVersion);
    }

    [Fact]
    public async Task An_object_that_became_another_one_is_left_alone()
    {
        Put("""{"exec": {} }""");
        var seen = _world.Cluster.Look(ResourceTypes.StatefulSet, Key)!;
        _world.Cluster.StaleInCache[Key] = seen;
        _world.Cluster.Drop(ResourceTypes.StatefulSet, Key);
        _world.Cluster.Put(ResourceTypes.StatefulSet, Probe);
        RefuseOnce();

        await Should.ThrowAsync<ClusterApiException>(EnsureAsync);

        _world.Cluster.Requests.ShouldNotContain(request => request.StartsWith("patch", StringComparison.Ordinal));
    }

    [Fact]
    public void Lists_are_replaced_and_members_of_others_removed_in_the_parts_that_differ_only()
    {
        var live = _world.Cluster.Put(ResourceTypes.Service, """
            {"metadata": {"name": "fa", "namespace": "home"},
             "spec": {"clusterIP": "10.0.0.1", "selector": {"app": "fa"}, "sessionAffinityConfig": {"theirs": "x"}, "ports": [{"name": "http", "port": 81, "protocol": "TCP"}]} }
            """);
        var desired = Manifest(ResourceTypes.Service, """{"metadata": {"name": "fa"}, "spec": {"selector": {"app": "fa"}, "ports": [{"name": "http", "port": 80}]} }""");

        Encoding.UTF8.GetString(ExactPatch.Between(live, desired)!.Value.Span).ShouldBe("""{"spec":{"ports":[{"name":"http","port":80}]}}""");
        ExactPatch.Between(live, Manifest(ResourceTypes.Service, """{"metadata": {"name": "fa"}, "spec": {"selector": {"app": "fa"} } }""")).ShouldBeNull();
        var affinity = Manifest(ResourceTypes.Service, """{"metadata": {"name": "fa"}, "spec": {"sessionAffinityConfig": {"ours": "x"} } }""");
        Encoding.UTF8.GetString(ExactPatch.Between(live, affinity)!.Value.Span).ShouldBe("""{"spec":{"sessionAffinityConfig":{"theirs":null,"ours":"x"}}}""");
    }

    private void Put(string probe)
    {
        var owner = _world.Cluster.Look(Kinds.Instance, Key)!.Uid;
        var set = JsonNode.Parse(Probe)!.AsObject();
        set["metadata"]!["ownerReferences"] = JsonNode.Parse($$"""[{"uid": "{{owner}}", "controller": true}]""");
        set["spec"]!["podManagementPolicy"] = "OrderedReady";
        set["spec"]!["template"]!["spec"]!["containers"]![0]!["readinessProbe"] = JsonNode.Parse(probe);
        _world.Cluster.Put(ResourceTypes.StatefulSet, set);
    }

    private void RefuseOnce()
    {
        var refused = false;
        _world.Cluster.Fail = request =>
        {
            if (refused || !request.StartsWith("apply", StringComparison.Ordinal))
            {
                return null;
            }

            refused = true;
            return FakeCluster.Error(HttpStatusCode.UnprocessableEntity, "may not specify more than 1 handler type");
        };
    }

    private Task<EnsureResult> EnsureAsync() => EnsureAsync(Manifest(ResourceTypes.StatefulSet, Probe));

    private Task<EnsureResult> EnsureAsync(Manifest manifest) =>
        new OwnedObjects(_world.Cluster, _world.Cluster, new OwnershipOptions("a/applied", "a/owner", "a/managed-by", "op"))
            .EnsureAsync(_world.Pass().Source, manifest, owned: true, adopt: false, TestContext.Current.CancellationToken);

    private static Manifest Manifest(ResourceType type, string json) => new(type, Key, Encoding.UTF8.GetBytes(json));
}
