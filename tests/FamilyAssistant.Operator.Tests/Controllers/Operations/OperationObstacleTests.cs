using System.Net;
using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Runtime.Cluster;
using FamilyAssistant.Operator.Runtime.Controllers;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers.Operations;

/// <summary>What keeps an operation from its way: an instance that is not there or not itself, edits, deletions, refusals and rivals.</summary>
public sealed class OperationObstacleTests
{
    private readonly OperationWorld _world = new();

    private FakeCluster Cluster => _world.Cluster;

    [Fact]
    public async Task It_may_be_applied_before_its_instance()
    {
        var source = Cluster.LookJson(Kinds.Instance, InstanceWorld.Key("fa"))!;
        Cluster.Drop(Kinds.Instance, InstanceWorld.Key("fa"));
        _world.Create("early");
        await _world.PassAsync("early");
        (_world.Status("early")!.Phase, _world.Status("early")!.Reason).ShouldBe(("Pending", "InstanceNotFound"));
        _world.Status("early")!.Message!.ShouldContain("spec.instanceRef.name");
        Cluster.Requests.Clear();
        await _world.PassAsync("early");
        Cluster.Requests.ShouldBeEmpty("it says so already");

        Cluster.Put(Kinds.Instance, source);
        await _world.SettleAsync("early");

        _world.Status("early")!.Phase.ShouldBe("Succeeded");
    }

    [Fact]
    public async Task Caches_that_speak_for_nothing_where_no_instance_lives_keep_nobody_from_being_told()
    {
        Cluster.Drop(Kinds.Instance, InstanceWorld.Key("fa"));
        _world.Create("early");

        await _world.Reconciler().ReportUnreadableAsync(InstanceWorld.Key("early"), [new CacheFault(ResourceTypes.Secret, "home", "not followed")], TestContext.Current.CancellationToken);

        _world.Status("early")!.Reason.ShouldBe("InstanceNotFound");
    }

    [Fact]
    public async Task It_waits_while_the_instance_is_paused_and_stands_still_when_it_has_begun()
    {
        _world.Create("first");
        _world.World.Annotate(WireNames.PausedAnnotation);
        await _world.PassAsync("first");
        (_world.Status("first")!.Phase, _world.Status("first")!.Reason).ShouldBe(("Pending", "InstancePaused"));
        _world.Restart.Calls.ShouldBeEmpty();

        Unpause();
        await _world.PassAsync("first");
        _world.World.Annotate(WireNames.PausedAnnotation);
        await _world.PassAsync("first");
        (_world.Status("first")!.Phase, _world.Status("first")!.Reason, _world.Status("first")!.Stage).ShouldBe(("Running", "InstancePaused", "Preparing"));

        Unpause();
        await _world.SettleAsync("first");
        _world.Restart.Acts.ShouldBe(["first"]);
    }

    [Fact]
    public async Task It_waits_until_an_invalid_spec_of_the_instance_is_corrected()
    {
        _world.World.EditSpec(("replicas", "11"));
        _world.Create("first");

        await _world.PassAsync("first");
        (_world.Status("first")!.Phase, _world.Status("first")!.Reason).ShouldBe(("Pending", "InstanceInvalid"));

        _world.World.EditSpec(("replicas", "1"));
        await _world.SettleAsync("first");
        _world.Status("first")!.Phase.ShouldBe("Succeeded");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task It_fails_when_its_instance_is_being_deleted(bool begun)
    {
        _world.Create("first");
        if (begun)
        {
            await _world.PassAsync("first");
        }

        Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), """{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z"}}""");
        await _world.PassAsync("first");

        (_world.Status("first")!.Phase, _world.Status("first")!.Reason).ShouldBe(("Failed", "InstanceTerminating"));
        _world.Restart.Acts.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_fails_when_its_instance_is_gone_after_it_began()
    {
        _world.Create("first");
        await _world.PassAsync("first");
        Cluster.Drop(Kinds.Instance, InstanceWorld.Key("fa"));

        await _world.PassAsync("first");

        (_world.Status("first")!.Phase, _world.Status("first")!.Reason).ShouldBe(("Failed", "InstanceTerminating"));
    }

    [Fact]
    public async Task Another_instance_of_the_same_name_is_not_touched()
    {
        _world.Create("first");
        await _world.PassAsync("first");
        var json = Cluster.LookJson(Kinds.Instance, InstanceWorld.Key("fa"))!;
        json["metadata"]!["uid"] = "another";
        Cluster.Put(Kinds.Instance, json);

        await _world.PassAsync("first");

        (_world.Status("first")!.Phase, _world.Status("first")!.Reason).ShouldBe(("Failed", "InstanceReplaced"));
        _world.Restart.Acts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_edited_one_fails_at_whatever_stage_and_its_turn_ends(int passes)
    {
        _world.Create("first");
        for (var pass = 0; pass < passes; pass++)
        {
            await _world.PassAsync("first");
        }

        Cluster.Edit(Kinds.Operation, InstanceWorld.Key("first"), """{"spec": {"action": "StopStart"}}""");
        await _world.SettleAsync("first");

        (_world.Status("first")!.Phase, _world.Status("first")!.Reason).ShouldBe(("Failed", "SpecChanged"));
        _world.Status("first")!.ObservedGeneration.ShouldBe(2);
        _world.Restart.Acts.ShouldBeEmpty();
        _world.StopStart.Acts.ShouldBeEmpty();
        _world.Turn.ShouldBeNull();
    }

    [Fact]
    public async Task An_edit_after_its_end_changes_nothing()
    {
        _world.Create("first");
        await _world.SettleAsync("first");
        var before = Cluster.LookJson(Kinds.Operation, InstanceWorld.Key("first"))!["status"]!.ToJsonString();

        Cluster.Edit(Kinds.Operation, InstanceWorld.Key("first"), """{"spec": {"action": "StopStart"}}""");
        await _world.SettleAsync("first");

        Cluster.LookJson(Kinds.Operation, InstanceWorld.Key("first"))!["status"]!.ToJsonString().ShouldBe(before);
        _world.StopStart.Calls.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    public async Task Deleted_at_whatever_stage_it_does_nothing_more_and_the_next_one_gets_its_turn(int passes)
    {
        _world.Create("first");
        _world.Create("second", created: "2026-11-23T11:30:00Z");
        for (var pass = 0; pass < passes; pass++)
        {
            await _world.PassAsync("first");
        }

        Cluster.Drop(Kinds.Operation, InstanceWorld.Key("first"));
        await _world.SettleAsync("first", "second");

        _world.Restart.Acts.ShouldBe(["second"]);
        _world.Turn.ShouldBeNull();
    }

    [Fact]
    public async Task Deleted_while_something_else_holds_the_object_it_fails_and_frees_its_turn()
    {
        _world.Create("first");
        await _world.PassAsync("first");
        Cluster.Edit(Kinds.Operation, InstanceWorld.Key("first"), """{"metadata": {"finalizers": ["example.com/mine"], "deletionTimestamp": "2026-11-23T12:00:00Z"}}""");

        await _world.SettleAsync("first");

        (_world.Status("first")!.Phase, _world.Status("first")!.Reason).ShouldBe(("Failed", "Deleted"));
        _world.Turn.ShouldBeNull();
        _world.Restart.Acts.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("""{"action": "Explode"}""", "spec.action")]
    [InlineData("""{"action": 7}""", "spec.action")]
    [InlineData("""{"action": "Restart", "instanceRef": {"name": "No Name"}}""", "spec.instanceRef.name")]
    [InlineData("""{"action": "Restart", "instanceRef": {}}""", "spec.instanceRef.name")]
    [InlineData("""{"action": "Restart", "dryRun": "yes"}""", "spec.dryRun")]
    public async Task One_that_breaks_a_bound_fails_and_names_the_field(string spec, string field)
    {
        _world.Create("bad", spec);

        await _world.PassAsync("bad");
        await _world.PassAsync("bad");

        (_world.Status("bad")!.Phase, _world.Status("bad")!.Reason).ShouldBe(("Failed", "InvalidSpec"));
        _world.Status("bad")!.Message!.ShouldContain(field);
        _world.Restart.Calls.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_handler_that_waits_before_it_begins_lets_others_go_first()
    {
        var isUp = false;
        _world.Restart.Answer = pass => !isUp
            ? new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, "No pod yet.")
            : pass.Stage is null ? new ProcedureOutcome.Working("Going", "Goes.") : new ProcedureOutcome.Done("Went.");
        _world.Create("first");
        _world.Create("second", """{"action": "StopStart"}""", created: "2026-11-23T11:30:00Z");

        await _world.SettleAsync("first", "second");
        (_world.Status("first")!.Phase, _world.Status("first")!.Reason, _world.Status("first")!.StartedAt).ShouldBe(("Pending", "InstanceNotReady", null));
        _world.Status("second")!.Phase.ShouldBe("Succeeded");
        _world.StopStart.Acts.ShouldBe(["second"]);

        isUp = true;
        await _world.SettleAsync("first", "second");
        _world.Status("first")!.Phase.ShouldBe("Succeeded");
    }

    [Fact]
    public async Task It_is_given_up_when_its_time_is_over_and_is_looked_at_then_at_the_latest()
    {
        _world.Restart.Answer = _ => new ProcedureOutcome.Working("Going", "Waits for a pod that never ends.") { CheckAfter = TimeSpan.FromHours(3) };
        _world.Create("first");
        (await _world.PassAsync("first")).After.ShouldBe(TimeSpan.FromHours(1));
        _world.World.Time.Advance(TimeSpan.FromMinutes(59));
        (await _world.PassAsync("first")).After.ShouldBe(TimeSpan.FromMinutes(1));
        _world.Status("first")!.Phase.ShouldBe("Running");

        _world.World.Time.Advance(TimeSpan.FromMinutes(1));
        await _world.SettleAsync("first");

        (_world.Status("first")!.Phase, _world.Status("first")!.Reason).ShouldBe(("Failed", "DeadlineExceeded"));
        _world.Status("first")!.Message!.ShouldContain("a pod that never ends");
        _world.Turn.ShouldBeNull();
    }

    [Fact]
    public async Task A_request_that_is_refused_is_told_and_tried_again()
    {
        _world.Restart.Answer = pass => pass.Stage is null ? new ProcedureOutcome.Working("Going", "Goes.") : throw FakeCluster.Error(HttpStatusCode.Forbidden, "delete Pod home/fa-0: 403 Forbidden");
        _world.Create("first");
        await _world.PassAsync("first");

        (await _world.PassAsync("first")).Retry.ShouldBeTrue();

        (_world.Status("first")!.Phase, _world.Status("first")!.Reason, _world.Status("first")!.Stage).ShouldBe(("Running", "RequestFailed", "Going"));
        _world.Status("first")!.Message!.ShouldContain("403 Forbidden");
        _world.Restart.Answer = null;
        await _world.SettleAsync("first");
        _world.Status("first")!.Phase.ShouldBe("Succeeded");
    }

    [Fact]
    public async Task Whoever_is_behind_cannot_write_over_what_was_written_meanwhile()
    {
        _world.Create("first");
        await _world.PassAsync("first");
        var late = new FrozenCaches(Cluster, Kinds.Operation, Kinds.Instance);
        await _world.SettleAsync("first");
        var before = Cluster.LookJson(Kinds.Operation, InstanceWorld.Key("first"))!.ToJsonString();

        await _world.PassAsync("first", late);

        Cluster.LookJson(Kinds.Operation, InstanceWorld.Key("first"))!.ToJsonString().ShouldBe(before);
        _world.Restart.Acts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_write_between_the_read_and_the_status_is_a_conflict_and_no_loss()
    {
        _world.Create("first");
        _world.Restart.Answer = _ =>
        {
            Cluster.Edit(Kinds.Operation, InstanceWorld.Key("first"), """{"metadata": {"annotations": {"example.com/note": "mine"}}}""");
            return new ProcedureOutcome.Working("Going", "Goes.");
        };

        (await Should.ThrowAsync<ClusterApiException>(() => _world.PassAsync("first"))).Class.ShouldBe(ErrorClass.Conflict);

        _world.Status("first").ShouldBeNull();
    }

    private void Unpause() => Cluster.Edit(Kinds.Instance, InstanceWorld.Key("fa"), $$$"""{"metadata": {"annotations": {"{{{WireNames.PausedAnnotation}}}": null} } }""");
}
