using System.Net;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using k8s.Models;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

/// <summary>A completed backup that is being deleted, and what of it goes first.</summary>
public sealed class RemovalHandlerTests
{
    private static readonly string Delete = BackupWorld.Job("delete");
    private readonly BackupWorld _world = new();

    private FakeCluster Cluster => _world.Cluster;

    private bool IsGone => Cluster.Look(Kinds.Backup, BackupWorld.Key) is null;

    [Fact]
    public async Task The_files_go_before_the_object_and_the_newest_and_the_last_proven_set_have_to_be_there()
    {
        Other("newest", "2026-11-23T09:00:00Z", "20261123t090000z-00000001");
        Other("proven", "2026-11-22T09:00:00Z", "20261122t090000z-00000002", """, "verified": {"time": "2026-11-22T10:00:00Z", "rows": 1, "restoreSeconds": 1}""");
        Other("older", "2026-11-21T09:00:00Z", "20261121t090000z-00000003");
        Deleting();
        await _world.SettleAsync();

        var container = Cluster.Look(ResourceTypes.Job, InstanceWorld.Key(Delete))!.Read<V1Job>().Spec.Template.Spec.Containers.Single();
        container.Env.Single(variable => variable.Name == ToolEnvironment.Keep).Value.ShouldBe("20261123t090000z-00000001 20261122t090000z-00000002");
        container.Command.ShouldBe(FamilyAssistant.Operator.Reconciliation.Jobs.ToolJob.Script(ToolScripts.Delete));
        IsGone.ShouldBeFalse();

        JobPods.Succeed(Cluster, Delete, "\"deleted\":true");
        await _world.PassAsync();
        IsGone.ShouldBeTrue();
        _world.World.Events.Recorded.ShouldHaveSingleItem().ShouldBe((FamilyAssistant.Operator.Runtime.Events.EventSeverity.Normal, EventReasons.BackupFilesDeleted, $"The files of set {BackupWorld.SetId} are deleted."));
    }

    [Fact]
    public async Task A_set_that_has_to_stay_and_is_missing_holds_it_and_that_is_told_once_and_tried_again_after_a_pause()
    {
        Deleting();
        await _world.SettleAsync();
        Cluster.Edit(ResourceTypes.Job, InstanceWorld.Key(Delete), """{"metadata": {"creationTimestamp": "2026-11-23T12:00:00Z"} }""");
        JobPods.Fail(Cluster, Delete, ToolReasons.KeptSetMissing, "A set that must remain is not there.");

        await _world.SettleAsync();
        (await _world.PassAsync()).After.ShouldBe(TimeSpan.FromMinutes(10));
        IsGone.ShouldBeFalse();
        Cluster.Look(Kinds.Backup, BackupWorld.Key)!.Annotations[WireNames.FilesLeftAnnotation].ShouldBe("KeptSetMissing: A set that must remain is not there.");
        _world.World.Events.Recorded.ShouldHaveSingleItem().Note.ShouldBe($"The files cannot be deleted: KeptSetMissing: A set that must remain is not there. It is tried again every ten minutes; to let the object go and keep the files, remove its finalizer {WireNames.BackupFinalizer}.");

        _world.World.Time.Advance(TimeSpan.FromMinutes(10));
        await _world.PassAsync();
        _world.Jobs.ShouldBeEmpty("the next try is another Job");
        Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key(Delete + "-pod"));
        await _world.SettleAsync();
        _world.Jobs.ShouldBe([Delete]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_pod_that_was_lost_or_late_is_tried_again(bool late)
    {
        Deleting();
        await _world.SettleAsync();
        (late ? (Action<FakeCluster, string>)JobPods.Expire : JobPods.Lose)(Cluster, Delete);
        await _world.PassAsync();
        Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key(Delete + "-pod"));
        await _world.SettleAsync();

        _world.Jobs.ShouldBe([Delete]);
        IsGone.ShouldBeFalse();
    }

    [Fact]
    public async Task Without_its_volume_it_goes_at_once()
    {
        Cluster.Drop(ResourceTypes.PersistentVolumeClaim, InstanceWorld.Key("fa-backups"));
        Deleting();
        await _world.PassAsync();

        IsGone.ShouldBeTrue();
        _world.World.Events.Reasons.ShouldBe([EventReasons.BackupFilesLeft]);
    }

    [Fact]
    public async Task In_a_namespace_that_goes_away_nothing_is_made()
    {
        Deleting();
        Cluster.Fail = request => request.StartsWith("create", StringComparison.Ordinal) ? FakeCluster.Error(HttpStatusCode.Forbidden, "unable to create new content in namespace home because it is being terminated") : null;
        await _world.PassAsync();
        IsGone.ShouldBeTrue();
    }

    [Fact]
    public async Task Files_that_stay_are_not_touched()
    {
        Deleting("""{"include": ["Database"]}""");
        await _world.PassAsync();

        IsGone.ShouldBeTrue();
        Cluster.Writes.ShouldNotContain(write => write.StartsWith("create", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_the_retention_has_marked_goes_with_its_files_whatever_its_spec_says()
    {
        Deleting("""{"include": ["Database"]}""", expired: true);
        await _world.SettleAsync();
        _world.Jobs.ShouldBe([Delete]);
    }

    [Fact]
    public async Task One_without_our_finalizer_is_nobodys_to_delete()
    {
        _world.CreateCompleted("""{"include": ["Database"], "deletionPolicy": "Delete"}""", """{"finalizers": ["example.com/other"], "deletionTimestamp": "2026-11-23T12:00:00Z"}""");
        await _world.PassAsync();
        Cluster.Writes.ShouldBeEmpty();
    }

    private void Deleting(string spec = """{"include": ["Database"], "deletionPolicy": "Delete"}""", bool expired = false) => _world.CreateCompleted(
        spec,
        $$"""{"finalizers": ["{{WireNames.BackupFinalizer}}"], "deletionTimestamp": "2026-11-23T12:00:00Z", "annotations": { {{(expired ? $"\"{WireNames.ExpiredAnnotation}\": \"in no generation\"" : "")}} } }""");

    private void Other(string name, string created, string set, string more = "") => Cluster.Put(Kinds.Backup, $$"""
        {"metadata": {"name": "{{name}}", "namespace": "home", "creationTimestamp": "{{created}}"}, "spec": {"instanceRef": {"name": "fa"} },
         "status": {"observedGeneration": 1, "phase": "Completed", "finishedAt": "{{created}}", "setId": "{{set}}"{{more}} } }
        """);
}
