using System.Net;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Concerns.Storage;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Storage;

public sealed class StorageStepTests
{
    private static readonly ObjectKey Claim = InstanceWorld.Key("fa-data");
    private readonly InstanceWorld _world = new();
    private readonly StorageStep _step;

    public StorageStepTests() => _step = new StorageStep(_world.Cluster);

    [Fact]
    public async Task Makes_a_claim_that_outlives_the_instance_and_does_not_wait_for_it_to_be_bound()
    {
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(StorageReasons.WaitsForFirstPod);
        var claim = _world.Cluster.LookJson(ResourceTypes.PersistentVolumeClaim, Claim)!;
        claim["metadata"]!["ownerReferences"].ShouldBeNull();
        Size(claim).ShouldBe("20Gi");
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.Requests.ShouldBe(["apply PersistentVolumeClaim home/fa-data"]);
    }

    [Fact]
    public async Task Takes_up_the_claim_of_an_earlier_instance_of_the_same_name_and_reports_its_capacity()
    {
        Bound("20Gi");
        var outcome = await RunAsync();
        outcome.ShouldBeOfType<StepOutcome.Settled>().Reason.ShouldBe(StorageReasons.Bound);
        outcome.Report!(new InstanceStatus()).Storage!.Capacity.ShouldBe("20Gi");
    }

    [Fact]
    public async Task A_bound_claim_grows()
    {
        Bound("20Gi");
        _world.EditSpec(("storage", """{"size": "30Gi"}"""));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        Size(_world.Cluster.LookJson(ResourceTypes.PersistentVolumeClaim, Claim)!).ShouldBe("30Gi");
    }

    [Fact]
    public async Task A_claim_that_is_not_bound_yet_grows_only_when_it_is()
    {
        await RunAsync();
        _world.EditSpec(("storage", """{"size": "30Gi"}"""));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        Size(_world.Cluster.LookJson(ResourceTypes.PersistentVolumeClaim, Claim)!).ShouldBe("20Gi");
        _world.Cluster.Edit(ResourceTypes.PersistentVolumeClaim, Claim, """{"status": {"phase": "Bound"}}""");
        await RunAsync();
        Size(_world.Cluster.LookJson(ResourceTypes.PersistentVolumeClaim, Claim)!).ShouldBe("30Gi");
    }

    [Theory]
    [InlineData("""{"size": "10Gi"}""", StorageReasons.CannotShrink, "spec.storage.size")]
    [InlineData("""{"size": "20G"}""", StorageReasons.CannotShrink, "spec.storage.size")]
    [InlineData("""{"storageClassName": "other"}""", StorageReasons.Immutable, "spec.storage.storageClassName")]
    [InlineData("""{"accessMode": "ReadWriteMany"}""", StorageReasons.Immutable, "spec.storage.accessMode")]
    public async Task What_cannot_be_changed_never_reaches_the_server(string storage, string reason, string field)
    {
        Bound("20Gi");
        _world.EditSpec(("storage", storage));
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(reason);
        outcome.Message.ShouldContain(field);
        outcome.NeedsSpecChange.ShouldBeTrue();
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{}""", "mine", "Set it back to mine.")]
    [InlineData("""{"existingClaim": "other"}""", "fa-data", "Remove the field.")]
    public async Task The_files_stay_where_they_are_although_a_server_without_rules_let_another_claim_in(string storage, string mounted, string remedy)
    {
        Bound("20Gi");
        _world.EditSpec(("storage", storage));
        var owner = _world.Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!.Uid;
        _world.Cluster.Put(ResourceTypes.StatefulSet, $$$"""
            {"metadata": {"name": "fa", "namespace": "home", "ownerReferences": [{"uid": "{{{owner}}}", "controller": true}]},
             "spec": {"template": {"spec": {"volumes": [{"name": "tmp", "emptyDir": {} }, {"name": "data", "persistentVolumeClaim": {"claimName": "{{{mounted}}}"} }]} } } }
            """);
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        (outcome.Reason, outcome.NeedsSpecChange).ShouldBe((StorageReasons.Immutable, true));
        outcome.Message.ShouldStartWith("spec.storage.existingClaim: another claim would leave the data behind");
        outcome.Message.ShouldEndWith(remedy);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_strangers_stateful_set_says_nothing_about_the_instances_files()
    {
        Bound("20Gi");
        _world.Cluster.Put(ResourceTypes.StatefulSet, """
            {"metadata": {"name": "fa", "namespace": "home"}, "spec": {"template": {"spec": {"volumes": [{"name": "data", "persistentVolumeClaim": {"claimName": "theirs"} }]} } } }
            """);
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task A_refused_expansion_names_the_field_and_the_storage_class_setting()
    {
        Bound("20Gi");
        _world.EditSpec(("storage", """{"size": "30Gi"}"""));
        _world.Cluster.Fail = request => request.StartsWith("apply", StringComparison.Ordinal) ? FakeCluster.Error(HttpStatusCode.Forbidden, "only dynamically provisioned pvc can be resized.") : null;
        var outcome = (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>();
        outcome.Reason.ShouldBe(StorageReasons.ExpansionRefused);
        outcome.Message.ShouldContain("allowVolumeExpansion");
        outcome.Message.ShouldContain("20Gi");
    }

    [Fact]
    public async Task A_failure_that_is_not_about_growing_is_the_runners_to_classify()
    {
        _world.Cluster.Fail = request => request.StartsWith("apply", StringComparison.Ordinal) ? FakeCluster.Error(HttpStatusCode.Forbidden, "quota") : null;
        await Should.ThrowAsync<ClusterApiException>(RunAsync);
    }

    [Fact]
    public async Task A_lost_volume_waits_for_a_person()
    {
        Bound("20Gi");
        _world.Cluster.Edit(ResourceTypes.PersistentVolumeClaim, Claim, """{"status": {"phase": "Lost"}}""");
        (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(StorageReasons.ClaimLost);
    }

    [Fact]
    public async Task A_deleted_claim_in_use_warns_and_one_that_nobody_uses_is_waited_for()
    {
        Bound("20Gi");
        _world.Cluster.Edit(ResourceTypes.PersistentVolumeClaim, Claim, """{"metadata": {"finalizers": ["kubernetes.io/pvc-protection"], "deletionTimestamp": "2026-11-23T12:00:00Z"}}""");
        (await RunAsync()).ShouldBeOfType<StepOutcome.Progressing>().Reason.ShouldBe(CommonReasons.WaitingForDeletion);
        Pods.Put(_world, Pods.Ready);
        (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(StorageReasons.ClaimTerminating);
    }

    [Fact]
    public async Task A_claim_that_the_spec_names_must_exist_and_is_never_written()
    {
        _world.EditSpec(("storage", """{"existingClaim": "mine"}"""));
        (await RunAsync()).ShouldBeOfType<StepOutcome.Blocked>().Reason.ShouldBe(StorageReasons.ClaimNotFound);
        _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "mine", "namespace": "home"}, "spec": {"accessModes": ["ReadWriteOnce"]}, "status": {"phase": "Bound", "capacity": {"storage": "5Gi"}}}""");
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_claim_of_which_the_cache_knows_only_the_name_is_read_live()
    {
        _world.EditSpec(("storage", """{"existingClaim": "mine"}"""));
        var mine = _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "mine", "namespace": "home"}, "spec": {"accessModes": ["ReadWriteOnce"]}, "status": {"phase": "Lost"}}""");
        _world.Cluster.StaleInCache[mine.Key] = mine with { Json = default };
        (await RunAsync()).Reason.ShouldBe(StorageReasons.ClaimLost);
    }

    [Fact]
    public async Task Several_replicas_need_a_volume_that_several_nodes_can_mount()
    {
        _world.EditSpec(("replicas", "2"), ("storage", """{"existingClaim": "mine"}"""));
        _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "mine", "namespace": "home"}, "spec": {"accessModes": ["ReadWriteOnce"]}, "status": {"phase": "Bound"}}""");
        (await RunAsync()).Reason.ShouldBe(StorageReasons.AccessModeMismatch);
    }

    [Fact]
    public async Task A_strangers_claim_of_that_name_is_taken_up_only_with_the_adopt_annotation()
    {
        _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "fa-data", "namespace": "home"}, "spec": {"accessModes": ["ReadWriteOnce"], "resources": {"requests": {"storage": "20Gi"}}}, "status": {"phase": "Bound"}}""");
        (await RunAsync()).Reason.ShouldBe(CommonReasons.NameConflict);
        _world.Cluster.Writes.ShouldBeEmpty();
        _world.Annotate(WireNames.AdoptAnnotation);
        (await RunAsync()).ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task Paused_makes_nothing_and_says_so()
    {
        _world.Annotate(WireNames.PausedAnnotation);
        (await RunAsync()).Reason.ShouldBe(CommonReasons.Paused);
        _world.Cluster.Writes.ShouldBeEmpty();
    }

    private void Bound(string size)
    {
        _world.Cluster.Put(ResourceTypes.PersistentVolumeClaim, JsonNode.Parse($$"""
            {
              "metadata": {"name": "fa-data", "namespace": "home"},
              "spec": {"accessModes": ["ReadWriteOnce"], "storageClassName": "standard", "resources": {"requests": {"storage": "{{size}}"} } },
              "status": {"phase": "Bound", "capacity": {"storage": "{{size}}"} }
            }
            """)!.AsObject());
        var labels = new JsonObject(Components.Labels("fa", Components.App).Select(label => KeyValuePair.Create(label.Key, (JsonNode?)label.Value)));
        _world.Cluster.Edit(ResourceTypes.PersistentVolumeClaim, Claim, new JsonObject { ["metadata"] = new JsonObject { ["labels"] = labels } }.ToJsonString());
    }

    private static string Size(JsonObject claim) => claim["spec"]!["resources"]!["requests"]!["storage"]!.GetValue<string>();

    private Task<StepOutcome> RunAsync() => _step.ExecuteAsync(_world.Pass(), TestContext.Current.CancellationToken).AsTask();
}
