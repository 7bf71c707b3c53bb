using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers;

/// <summary>What goes with an instance, and what stays.</summary>
public sealed class FinalizationTests : FinalizationTest
{
    [Fact]
    public async Task The_finalizer_is_set_once_beside_those_of_others()
    {
        World.Cluster.Edit(Kinds.Instance, Instance, """{"metadata": {"finalizers": ["example.com/theirs"]}}""");
        var written = await Finalization.EnsureFinalizerAsync(World.Pass(), Cancel);
        written.ResourceVersion.ShouldBe(World.Cluster.Look(Kinds.Instance, Instance)!.ResourceVersion);
        await Finalization.EnsureFinalizerAsync(World.Pass(), Cancel);
        Finalizers().ShouldBe(["example.com/theirs", WireNames.InstanceFinalizer]);
        World.Cluster.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_finalizer_is_not_set_over_somebody_elses_change()
    {
        World.Cluster.Edit(Kinds.Instance, Instance, """{"metadata": {"finalizers": null}}""");
        var pass = World.Pass();
        World.Cluster.Edit(Kinds.Instance, Instance, """{"metadata": {"finalizers": ["example.com/theirs"]}}""");
        (await Should.ThrowAsync<ClusterApiException>(async () => await Finalization.EnsureFinalizerAsync(pass, Cancel))).Class.ShouldBe(ErrorClass.Conflict);
        Finalizers().ShouldBe(["example.com/theirs"]);
    }

    [Fact]
    public async Task Data_and_its_keys_stay_by_default_and_an_event_says_so()
    {
        PutData();
        Delete();
        await RunAsync();
        Data.ShouldAllBe(data => Exists(data.Type, data.Name));
        World.Events.Reasons.ShouldBe(["DataRetained"]);
        World.Cluster.Writes.Where(request => request.StartsWith("delete", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Data_and_its_keys_go_with_the_policy_Delete()
    {
        World.EditSpec(("deletionPolicy", "\"Delete\""));
        PutData();
        Delete();
        await RunAsync();
        Data.Where(data => Exists(data.Type, data.Name)).Select(data => data.Name).ShouldBe(["fa-backups"], "the sets are there for the day on which the rest is gone");
        World.Events.Reasons.ShouldBe(["DataRetained", "DataDeleted"]);
    }

    [Fact]
    public async Task A_claim_that_the_user_brought_and_objects_of_strangers_never_go()
    {
        World.EditSpec(("deletionPolicy", "\"Delete\""), ("storage", """{"existingClaim": "fa-data"}"""));
        PutData();
        World.Secret("fa-generated", ("SESSION_SECRET_KEY", "theirs"));
        World.Cluster.Put(ResourceTypes.PersistentVolumeClaim, """{"metadata": {"name": "mine", "namespace": "home"}}""");
        Delete();
        await RunAsync();
        Exists(ResourceTypes.PersistentVolumeClaim, "fa-data").ShouldBeTrue();
        Exists(ResourceTypes.PersistentVolumeClaim, "mine").ShouldBeTrue();
        Exists(ResourceTypes.Secret, "fa-generated").ShouldBeTrue();
        Exists(ResourceTypes.PersistentVolumeClaim, "fa-postgres-data").ShouldBeFalse();
    }

    [Fact]
    public async Task A_late_cache_does_not_delete_what_a_successor_of_the_same_name_took_up()
    {
        World.EditSpec(("deletionPolicy", "\"Delete\""));
        PutData();
        Delete();
        var old = World.Pass();
        var successor = World.Cluster.LookJson(Kinds.Instance, Instance)!;
        successor["metadata"] = JsonNode.Parse($$"""{"name": "fa", "namespace": "home", "finalizers": ["{{WireNames.InstanceFinalizer}}"]}""");
        World.Cluster.Put(Kinds.Instance, successor);
        (await Finalization.ExecuteAsync(old, Cancel)).ShouldBeOfType<FinalizationOutcome.Finished>();
        Data.ShouldAllBe(data => Exists(data.Type, data.Name));
        World.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Creates_nothing_so_that_a_terminating_namespace_cannot_refuse_it()
    {
        PutWorkload();
        PutData();
        Delete();
        World.Cluster.Fail = request => request.StartsWith("create", StringComparison.Ordinal) || request.StartsWith("apply", StringComparison.Ordinal)
            ? FakeCluster.Error(System.Net.HttpStatusCode.Forbidden, "namespace is being terminated")
            : null;
        await RunAsync();
        World.Cluster.Drop(ResourceTypes.Pod, InstanceWorld.Key("fa-0"));
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
    }

    [Fact]
    public async Task An_orphaning_delete_leaves_everything_running()
    {
        PutWorkload();
        World.EditSpec(("deletionPolicy", "\"Delete\""));
        PutData();
        World.Cluster.Edit(Kinds.Instance, Instance, $$"""{"metadata": {"finalizers": ["{{WireNames.InstanceFinalizer}}", "orphan"]} }""");
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        Finalizers().ShouldBe(["orphan"]);
        Exists(ResourceTypes.StatefulSet, "fa").ShouldBeTrue();
        Data.ShouldAllBe(data => Exists(data.Type, data.Name));
    }

    [Fact]
    public async Task Paused_removes_nothing()
    {
        PutWorkload();
        PutData();
        World.Annotate(WireNames.PausedAnnotation);
        Delete();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Waiting>().Message.ShouldContain(WireNames.PausedAnnotation);
        World.Cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_was_paused_until_its_deletion_is_removed()
    {
        PutWorkload();
        World.Annotate(WireNames.PausedAnnotation, WireNames.PausedUntilDeleted);
        Delete();
        await RunAsync();
        World.Cluster.Writes.ShouldNotBeEmpty();
    }

    [Fact]
    public async Task A_change_at_the_same_moment_is_not_overwritten()
    {
        Delete();
        World.Cluster.Fail = request =>
        {
            if (request.StartsWith("patch", StringComparison.Ordinal))
            {
                World.Cluster.Fail = _ => null;
                World.Cluster.Edit(Kinds.Instance, Instance, $$"""{"metadata": {"finalizers": ["{{WireNames.InstanceFinalizer}}", "example.com/theirs"]} }""");
            }

            return null;
        };
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Waiting>();
        (await RunAsync()).ShouldBeOfType<FinalizationOutcome.Finished>();
        Finalizers().ShouldBe(["example.com/theirs"]);
    }
}
