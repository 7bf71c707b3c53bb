using FamilyAssistant.Operator.Api;
using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Tests.Fakes;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Controllers.Operations;

/// <summary>What happens to an operation, whatever its action is: its way, its turn, and the dry run.</summary>
public sealed class OperationReconcilerTests
{
    private readonly OperationWorld _world = new();

    private FakeCluster Cluster => _world.Cluster;

    [Fact]
    public async Task It_is_carried_out_once_and_its_evidence_stands_in_its_status()
    {
        var instance = Cluster.Look(Kinds.Instance, InstanceWorld.Key("fa"))!;
        _world.Create("once");

        await _world.SettleAsync("once");

        var status = _world.Status("once")!;
        (status.Phase, status.Reason, status.Message, status.Stage).ShouldBe(("Succeeded", "Completed", "Did the thing.", "Acting"));
        status.RequestedBy.ShouldBe("kubectl-create");
        status.InstanceUid.ShouldBe(instance.Uid);
        status.StartedAt.ShouldBe("2026-11-23T12:00:00Z");
        status.FinishedAt.ShouldBe("2026-11-23T12:00:00Z");
        status.Before.ShouldBe(new Dictionary<string, string> { ["thing"] = "old", ["other"] = "seen" }, ignoreOrder: true);
        status.After.ShouldBe(new Dictionary<string, string> { ["thing"] = "new" });
        status.ObservedGeneration.ShouldBe(1);
        _world.Restart.Acts.ShouldBe(["once"]);
        _world.Turn.ShouldBeNull("its turn ends with it");
    }

    [Fact]
    public async Task Stage_and_evidence_are_written_before_the_handler_is_called_to_act()
    {
        _world.Create("once");
        List<string?> written = [];
        _world.Restart.Answer = pass =>
        {
            written.Add(_world.Status("once")?.Stage);
            return pass.Stage == "Last" ? new ProcedureOutcome.Done("Done.") : new ProcedureOutcome.Working(pass.Stage is null ? "First" : "Last", "Working.");
        };

        await _world.SettleAsync("once");

        written.ShouldBe([null, "First", "Last"]);
    }

    [Fact]
    public async Task Nothing_is_written_or_read_for_one_that_has_ended()
    {
        _world.Create("once");
        await _world.SettleAsync("once");
        Cluster.Requests.Clear();

        await _world.PassAsync("once");
        await _world.LookAsync();

        Cluster.Requests.ShouldBeEmpty();
        _world.Restart.Acts.Count.ShouldBe(1);
    }

    [Fact]
    public async Task People_are_told_when_it_begins_and_how_it_ends_on_both_objects()
    {
        _world.Create("once");

        await _world.SettleAsync("once");

        _world.World.Events.About.ShouldBe(
        [
            (FamilyAssistantOperation.KindName, "OperationStarted"), ("FamilyAssistantInstance", "OperationStarted"),
            (FamilyAssistantOperation.KindName, "OperationSucceeded"), ("FamilyAssistantInstance", "OperationSucceeded"),
        ]);
        (await MetricsAsync()).ShouldContain("""family_assistant_operations_total{action="Restart",result="Succeeded"} 1""");
    }

    [Fact]
    public async Task The_conditions_are_those_that_waiters_read()
    {
        _world.Create("once");
        await _world.PassAsync("once");
        Conditions("once").ShouldBe(["Ready=False", "Reconciling=True"]);

        await _world.SettleAsync("once");
        Conditions("once").ShouldBe(["Ready=True"]);

        _world.Restart.Answer = _ => new ProcedureOutcome.Failed(OperationReasons.InstanceStopped, "No.");
        _world.Create("refused");
        await _world.SettleAsync("refused");
        Conditions("refused").ShouldBe(["Ready=False", "Stalled=True"]);
        _world.Status("refused")!.Conditions.ShouldAllBe(condition => condition.Reason == "InstanceStopped" && condition.Message == "No.");
        _world.Turn.ShouldBeNull();
    }

    [Fact]
    public async Task Two_at_once_run_one_after_the_other_in_the_order_of_their_creation_then_of_their_names()
    {
        _world.Create("late", created: "2026-11-23T11:00:02Z");
        _world.Create("b", created: "2026-11-23T11:00:01Z");
        _world.Create("a", """{"action": "StopStart"}""", created: "2026-11-23T11:00:01Z");

        await _world.PassAsync("late");
        await _world.PassAsync("b");
        _world.Status("late")!.Message!.ShouldContain("operation a ");
        (_world.Status("b")!.Phase, _world.Status("b")!.Reason).ShouldBe(("Pending", "Queued"));
        _world.Turn.ShouldBeNull("whose turn it is not does not take it");

        await _world.SettleAsync("late", "b", "a");

        _world.StopStart.Acts.ShouldBe(["a"]);
        _world.Restart.Acts.ShouldBe(["b", "late"]);
        foreach (var name in (string[])["a", "b", "late"])
        {
            _world.Status(name)!.Phase.ShouldBe("Succeeded");
        }
    }

    [Fact]
    public async Task The_one_that_has_begun_goes_on_before_one_that_was_created_earlier_and_seen_later()
    {
        _world.Create("z");
        await _world.PassAsync("z");
        _world.Create("a", created: "2026-11-23T10:00:00Z");

        await _world.PassAsync("a");

        _world.Status("a")!.Message!.ShouldContain("operation z ");
        await _world.SettleAsync("a", "z");
        _world.Restart.Acts.ShouldBe(["z", "a"]);
    }

    [Fact]
    public async Task What_changes_nothing_runs_beside_the_others_and_takes_no_turn()
    {
        var looking = new StubHandler(OperationAction.StopStart, isMutating: false) { Answer = _ => new ProcedureOutcome.Done("Looked.") };
        _world.Handlers = [_world.Restart, looking];
        _world.Create("running");
        await _world.PassAsync("running");
        _world.Create("look", """{"action": "StopStart"}""");

        await _world.PassAsync("look");

        _world.Status("look")!.Phase.ShouldBe("Succeeded");
        _world.Turn.ShouldBe(Cluster.Look(Kinds.Operation, InstanceWorld.Key("running"))!.Uid);
    }

    [Fact]
    public async Task A_dry_run_only_looks()
    {
        _world.Create("running");
        await _world.PassAsync("running");
        _world.World.Annotate(WireNames.PausedAnnotation);
        _world.Create("dry", """{"action": "StopStart", "dryRun": true}""");
        Cluster.Requests.Clear();

        await _world.PassAsync("dry");

        var status = _world.Status("dry")!;
        (status.Phase, status.Reason, status.Message, status.Stage).ShouldBe(("Succeeded", "DryRun", "Dry run, nothing was changed. Does the thing.", null));
        status.Before.ShouldBe(new Dictionary<string, string> { ["thing"] = "old" });
        Cluster.Writes.ShouldBe(["patch status FamilyAssistantOperation home/dry"]);
        _world.StopStart.Acts.ShouldBeEmpty();
        (await MetricsAsync()).ShouldContain("""family_assistant_operations_total{action="StopStart",result="Succeeded"} 0""");
    }

    [Fact]
    public async Task A_dry_run_of_what_would_wait_says_so_and_waits_for_nothing()
    {
        _world.Restart.Answer = _ => new ProcedureOutcome.Waiting(ProcedureReasons.InstanceNotReady, "No pod yet.");
        _world.Create("dry", """{"action": "Restart", "dryRun": true}""");

        await _world.PassAsync("dry");

        (_world.Status("dry")!.Phase, _world.Status("dry")!.Message).ShouldBe(("Succeeded", "Dry run, nothing was changed. It would wait: No pod yet."));
    }

    private IEnumerable<string> Conditions(string name) => _world.Status(name)!.Conditions.Select(condition => $"{condition.Type}={condition.Status}");

    private async Task<string> MetricsAsync()
    {
        using var stream = new MemoryStream();
        await _world.Registry.CollectAndExportAsTextAsync(stream, TestContext.Current.CancellationToken);
        return System.Text.Encoding.UTF8.GetString(stream.ToArray());
    }
}
