using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;
using FamilyAssistant.Operator.Reconciliation;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

public sealed class StatusProjectorTests
{
    [Fact]
    public void All_settled_is_ready_and_nothing_else()
    {
        var status = Make.Project(null, Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled()));

        status.Condition(ConditionTypes.Ready)!.Status.ShouldBe("True");
        status.Condition(ConditionTypes.Reconciling).ShouldBeNull();
        status.Condition(ConditionTypes.Stalled).ShouldBeNull();
        status.ObservedGeneration.ShouldBe(3);
    }

    [Fact]
    public void What_goes_on_beside_the_application_has_its_condition_and_makes_no_difference_to_Ready_and_the_phase()
    {
        var well = Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled());
        foreach (var outcome in (StepOutcome[])[Make.Blocked("LastBackupFailed", needsSpecChange: true), Make.Faulted(), Make.Progressing()])
        {
            var status = Make.Project(null, well.Add(new StepReport(ConditionTypes.BackupsHealthy, outcome) { CountsForReady = false }));

            status.Condition(ConditionTypes.BackupsHealthy)!.Status.ShouldBe("False");
            status.Condition(ConditionTypes.Ready)!.Status.ShouldBe("True");
            status.Condition(ConditionTypes.Stalled).ShouldBeNull();
            status.Condition(ConditionTypes.Reconciling).ShouldBeNull();
            status.Phase.ShouldBe(Phases.Running);
        }
    }

    [Fact]
    public void Ready_repeats_reason_and_message_of_the_first_obstacle_and_names_its_condition()
    {
        var status = Make.Project(null, Make.Reports(Make.Settled(), Make.Progressing("WaitingForVolume", "The volume is being made.")));

        var ready = status.Condition(ConditionTypes.Ready)!;
        ready.Status.ShouldBe("False");
        ready.Reason.ShouldBe("WaitingForVolume");
        ready.Message.ShouldBe("StorageReady: The volume is being made.");
    }

    [Fact]
    public void An_edit_that_is_needed_is_named_before_an_earlier_wait()
    {
        var status = Make.Project(null, Make.Reports(Make.Progressing(), Make.Settled(), Make.Settled(), Make.Settled(), Make.Blocked("WrongImage", "Edit spec.image.", needsSpecChange: true)));

        status.Condition(ConditionTypes.Ready)!.Reason.ShouldBe("WrongImage");
        status.Condition(ConditionTypes.Stalled)!.Status.ShouldBe("True");
        status.Condition(ConditionTypes.Reconciling).ShouldBeNull();
    }

    [Theory]
    [InlineData("progressing", "Progressing")]
    [InlineData("blocked", "DependencyNotReady")]
    [InlineData("faulted", "ProgressingWithRetry")]
    public void Reconciling_says_what_kind_of_wait_it_is(string kind, string reason)
    {
        StepOutcome outcome = kind switch { "progressing" => Make.Progressing(), "blocked" => Make.Blocked(), _ => Make.Faulted() };

        var reconciling = Make.Project(null, Make.Reports(outcome)).Condition(ConditionTypes.Reconciling)!;

        (reconciling.Status, reconciling.Reason).ShouldBe(("True", reason));
    }

    [Fact]
    public void A_concern_behind_a_closed_gate_is_unknown_and_says_what_it_waits_for()
    {
        var workload = Make.Project(null, Make.Reports(Make.Blocked())).Condition(ConditionTypes.WorkloadAvailable)!;

        (workload.Status, workload.Reason).ShouldBe(("Unknown", CommonReasons.Waiting));
        workload.Message.ShouldContain(ConditionTypes.SecretsValid);
    }

    [Fact]
    public void Stopped_as_asked_is_ready_with_that_reason()
    {
        var ready = Make.Project(null, Make.Reports(Make.Settled(), Make.Settled(), Make.Settled(), Make.Settled(Phases.StoppedReason), Make.Settled()))
            .Condition(ConditionTypes.Ready)!;

        (ready.Status, ready.Reason).ShouldBe(("True", Phases.StoppedReason));
    }

    [Fact]
    public void A_condition_that_no_stage_reports_any_more_disappears()
    {
        var before = Make.Project(null, [new StepReport("RetiredConcern", Make.Settled())]);

        Make.Project(before, Make.Reports(Make.Settled())).Condition("RetiredConcern").ShouldBeNull();
    }

    [Fact]
    public void Facts_of_the_steps_reach_the_status_in_the_order_of_the_stages()
    {
        var first = Make.Settled() with { Report = status => status with { Image = "one", Url = "https://a.example.com" } };
        var second = Make.Settled() with { Report = status => status with { Image = status.Image + "+two" } };

        var status = Make.Project(null, Make.Reports(first, second, Make.Settled(), Make.Settled(), Make.Settled()));

        (status.Image, status.Url).ShouldBe(("one+two", "https://a.example.com"));
    }

    [Fact]
    public void Facts_of_a_concern_that_did_not_run_stay_as_they_were()
    {
        var before = new InstanceStatus { Database = new DatabaseStatus { Revision = "abc123" } };

        Make.Project(before, Make.Reports(Make.Blocked())).Database!.Revision.ShouldBe("abc123");
    }

    [Fact]
    public void Paused_shows_in_the_phase_and_leaves_the_conditions_honest()
    {
        var status = Make.Project(null, Make.Reports(Make.Blocked()), paused: true);

        status.Phase.ShouldBe("Paused");
        status.Condition(ConditionTypes.Ready)!.Status.ShouldBe("False");
    }
}
