using FamilyAssistant.Operator.Api.Backups;
using FamilyAssistant.Operator.Concerns.Backups;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Jobs;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using FamilyAssistant.Operator.Reconciliation.Sets;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Concerns.Backups;

public sealed class BackupPlanTests
{
    private static readonly ObjectKey Pod = new("home", "pod");

    [Fact]
    public void A_Job_that_is_not_there_is_made() => BackupPlan.Decide(BackupFixtures.Progress(new JobState.Missing())).ShouldBeOfType<BackupPlan.Start>();

    [Fact]
    public void Only_a_result_that_speaks_of_the_own_set_with_every_part_completes_it()
    {
        var done = Answer(new JobState.Succeeded(BackupFixtures.Result(), Pod)).ShouldBeOfType<ProcedureOutcome.Done>();
        var status = (BackupStatus)done.Report!(new BackupStatus { SetId = BackupFixtures.SetId });

        status.Rows.ShouldBe(42);
        status.SizeBytes.ShouldBe(40);
        status.Revision.ShouldBe("abc123");
        status.Parts!.Count.ShouldBe(4);
        Fails(new JobState.Succeeded(BackupFixtures.Result(setId: "20261126t020000z-00000000"), Pod), BackupReasons.ResultInvalid);
        Fails(new JobState.Succeeded(BackupFixtures.Result(instance: "other"), Pod), BackupReasons.ResultInvalid);
        Fails(new JobState.Succeeded(BackupFixtures.Result(parts: [BackupPart.Files, BackupPart.Configuration, BackupPart.Secrets]), Pod), BackupReasons.ResultInvalid).ShouldContain("Database");
        Fails(new JobState.Succeeded(new ToolResult { Outcome = ToolOutcome.Succeeded }, Pod), BackupReasons.ResultInvalid);
    }

    [Fact]
    public void A_test_restore_is_a_stage_of_its_own_and_needs_its_own_result()
    {
        var next = Answer(new JobState.Succeeded(BackupFixtures.Result(), Pod), restores: true).ShouldBeOfType<ProcedureOutcome.Working>();
        next.Stage.ShouldBe("Verifying");
        ((BackupStatus)next.Report!(new BackupStatus())).Rows.ShouldBe(42);

        Fails(new JobState.Succeeded(BackupFixtures.Result(), Pod), BackupReasons.ResultInvalid, "Verifying");
        var done = Answer(new JobState.Succeeded(BackupFixtures.Result() with { Verified = new ToolVerified(42, 3, 5) }, Pod), "Verifying").ShouldBeOfType<ProcedureOutcome.Done>();
        ((BackupStatus)done.Report!(new BackupStatus())).Verified.ShouldBe(new BackupVerified { Time = "2026-11-26T03:00:00Z", Rows = 42, RestoreSeconds = 5 });
    }

    [Theory]
    [InlineData("Making", "Making2")]
    [InlineData("Making2", "Making3")]
    [InlineData("Verifying", "Verifying2")]
    [InlineData("Verifying2", "Verifying3")]
    public void A_lost_pod_is_replaced(string stage, string next) => Answer(new JobState.Lost("Evicted."), stage).ShouldBeOfType<ProcedureOutcome.Working>().Stage.ShouldBe(next);

    [Theory]
    [InlineData("Making3")]
    [InlineData("Verifying3")]
    public void But_not_for_ever(string stage) => Fails(new JobState.Lost("Evicted."), BackupReasons.PodLost, stage).ShouldContain("Evicted.");

    [Fact]
    public void A_failure_of_the_Job_is_final_and_keeps_its_reason() => Fails(new JobState.Failed(Failure), ToolReasons.AuthenticationFailed).ShouldBe("Correct the password.");

    [Fact]
    public void Of_a_failed_test_restore_the_set_is_named() => Fails(new JobState.Failed(Failure), ToolReasons.AuthenticationFailed, "Verifying").ShouldContain(BackupFixtures.SetId);

    [Fact]
    public void A_deadline_ends_it_but_not_a_result_that_is_there()
    {
        Fails(new JobState.DeadlineExceeded(), ProcedureReasons.DeadlineExceeded).ShouldContain("Last seen: No node.");
        var late = BackupFixtures.Progress(new JobState.Running(null), left: TimeSpan.Zero);
        Outcome(late).ShouldBeOfType<ProcedureOutcome.Failed>().Reason.ShouldBe(ProcedureReasons.DeadlineExceeded);
        Outcome(late with { Job = new JobState.Missing() }).ShouldBeOfType<ProcedureOutcome.Failed>();
        Outcome(late with { Job = new JobState.Succeeded(BackupFixtures.Result(), Pod) }).ShouldBeOfType<ProcedureOutcome.Done>();
    }

    [Fact]
    public void A_pod_that_does_not_start_says_why() =>
        Answer(new JobState.Running(new PodProblem(PodReasons.Unschedulable, "No node."))).ShouldBeOfType<ProcedureOutcome.Working>().Message.ShouldBe("No node.");

    [Fact]
    public void A_strangers_Job_is_left_alone() => Fails(new JobState.Foreign("Remove it."), BackupReasons.NameConflict);

    private static ToolResult Failure => new() { Outcome = ToolOutcome.Failed, Reason = ToolReasons.AuthenticationFailed, Message = "Correct the password." };

    private static string Fails(JobState job, string reason, string stage = "Making")
    {
        var failed = Answer(job, stage).ShouldBeOfType<ProcedureOutcome.Failed>();
        failed.Reason.ShouldBe(reason);
        return failed.Message;
    }

    private static ProcedureOutcome Answer(JobState job, string stage = "Making", bool restores = false) => Outcome(BackupFixtures.Progress(job, stage, restores));

    private static ProcedureOutcome Outcome(BackupProgress progress) => BackupPlan.Decide(progress).ShouldBeOfType<BackupPlan.Answer>().Outcome;
}
