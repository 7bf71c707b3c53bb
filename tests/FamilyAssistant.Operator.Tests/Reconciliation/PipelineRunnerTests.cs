using System.Collections.Immutable;
using System.Net;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Cluster;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation;

public sealed class PipelineRunnerTests
{
    [Fact]
    public async Task Runs_every_stage_in_order_while_all_are_settled()
    {
        var reports = await RunAsync(
            new Stage(StageKind.Gate, new StubStep("One", Make.Settled())),
            new Stage(StageKind.Open, new StubStep("Two", Make.Settled())),
            new Stage(StageKind.Always, new StubStep("Three", Make.Settled())));

        reports.Select(report => report.Condition).ShouldBe(["One", "Two", "Three"]);
        reports.ShouldAllBe(report => report.Outcome is StepOutcome.Settled && report.WaitsFor == null);
    }

    [Fact]
    public async Task A_closed_gate_stops_the_gates_after_it_and_names_itself_but_what_is_no_gate_runs()
    {
        var stopped = new StubStep("Workload", Make.Settled());
        var open = new StubStep("Certificates", Make.Settled());
        var always = new StubStep("Health", Make.Settled());

        var reports = await RunAsync(
            new Stage(StageKind.Gate, new StubStep("Secrets", Make.Blocked())),
            new Stage(StageKind.Gate, stopped),
            new Stage(StageKind.Open, open),
            new Stage(StageKind.Always, always));

        (stopped.Calls, open.Calls, always.Calls).ShouldBe((0, 1, 1));
        reports[1].ShouldBe(new StepReport("Workload", null, "Secrets"));
        reports[2].Outcome.ShouldBeOfType<StepOutcome.Settled>();
        reports[3].Outcome.ShouldBeOfType<StepOutcome.Settled>();
        reports.Select(report => report.CountsForReady).ShouldBe([true, true, false, true]);
    }

    [Fact]
    public async Task What_a_step_does_behind_a_closed_gate_is_reported_as_its_own()
    {
        var stopping = new StubStep("Workload", Make.Settled()) { BehindClosedGate = Make.Progressing("Stopping") };
        var after = new StubStep("Certificates", Make.Settled());

        var reports = await RunAsync(
            new Stage(StageKind.Gate, new StubStep("Secrets", Make.Blocked())), new Stage(StageKind.Gate, stopping), new Stage(StageKind.Gate, after));

        stopping.Calls.ShouldBe(0);
        reports[1].Outcome!.Reason.ShouldBe("Stopping");
        reports[2].ShouldBe(new StepReport("Certificates", null, "Secrets"));
    }

    [Fact]
    public async Task The_first_closed_gate_is_the_one_that_is_named()
    {
        var reports = await RunAsync(
            new Stage(StageKind.Gate, new StubStep("Secrets", Make.Progressing())),
            new Stage(StageKind.Gate, new StubStep("Storage", Make.Blocked())),
            new Stage(StageKind.Gate, new StubStep("Workload", Make.Settled())));

        reports.Select(report => report.WaitsFor).ShouldBe([null, "Secrets", "Secrets"]);
    }

    [Fact]
    public async Task An_open_stage_stops_nothing()
    {
        var after = new StubStep("Workload", Make.Settled());

        await RunAsync(new Stage(StageKind.Open, new StubStep("Backups", Make.Blocked())), new Stage(StageKind.Gate, after));

        after.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_step_that_changed_what_earlier_steps_saw_ends_the_run_at_once()
    {
        var after = new StubStep("Health", Make.Settled());
        var again = new StepOutcome.Progressing("Created", "Created.", TimeSpan.Zero);

        var reports = await RunAsync(new Stage(StageKind.Gate, new StubStep("Secrets", again)), new Stage(StageKind.Always, after));

        after.Calls.ShouldBe(0);
        reports.Length.ShouldBe(1);
        PipelineRunner.WantsAnotherRun(reports[^1].Outcome).ShouldBeTrue();
    }

    [Fact]
    public void Only_progress_without_delay_asks_for_another_run()
    {
        PipelineRunner.WantsAnotherRun(new StepOutcome.Progressing("A", "A.", TimeSpan.FromTicks(1))).ShouldBeFalse();
        PipelineRunner.WantsAnotherRun(new StepOutcome.Progressing("A", "A.")).ShouldBeFalse();
        PipelineRunner.WantsAnotherRun(Make.Settled() with { CheckAfter = TimeSpan.Zero }).ShouldBeFalse();
        PipelineRunner.WantsAnotherRun(null).ShouldBeFalse();
    }

    [Theory]
    [InlineData(ErrorClass.Transient)]
    [InlineData(ErrorClass.Conflict)]
    [InlineData(ErrorClass.Terminal)]
    public async Task A_failed_request_faults_its_own_stage_only(ErrorClass errorClass)
    {
        var failing = new StubStep("Storage", () => throw Error(errorClass));

        var reports = await RunAsync(new Stage(StageKind.Open, failing), new Stage(StageKind.Gate, new StubStep("Workload", Make.Settled())));

        reports[0].Outcome.ShouldBeOfType<StepOutcome.Faulted>().Reason.ShouldBe(CommonReasons.RequestFailed);
        reports[1].Outcome.ShouldBeOfType<StepOutcome.Settled>();
    }

    [Fact]
    public async Task A_refused_request_waits_for_an_edit_and_quotes_the_api_server()
    {
        var refused = new StubStep("Workload", () => throw Error(ErrorClass.Invalid));

        var reports = await RunAsync(new Stage(StageKind.Gate, refused));

        var blocked = reports[0].Outcome.ShouldBeOfType<StepOutcome.Blocked>();
        blocked.NeedsSpecChange.ShouldBeTrue();
        blocked.Message.ShouldContain("the API server said so");
    }

    [Fact]
    public async Task A_bug_in_one_step_is_reported_without_its_text_and_keeps_no_other_step_from_working()
    {
        var broken = new StubStep("Storage", () => throw new InvalidOperationException("canary-3f9c"));
        var health = new StubStep("Health", Make.Settled());

        var reports = await RunAsync(new Stage(StageKind.Gate, broken), new Stage(StageKind.Always, health));

        var faulted = reports[0].Outcome.ShouldBeOfType<StepOutcome.Faulted>();
        faulted.Message.ShouldContain(nameof(InvalidOperationException));
        faulted.Message.ShouldNotContain("canary-3f9c", Case.Insensitive, "an exception's text may hold a secret");
        health.Calls.ShouldBe(1);
    }

    [Fact]
    public async Task A_stopping_process_ends_the_run_instead_of_reporting_a_fault()
    {
        using var stop = new CancellationTokenSource();
        await stop.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(
            async () => await Make.Runner().RunAsync([new Stage(StageKind.Gate, new StubStep("Secrets", Make.Settled()))], Make.Pass(), stop.Token));
    }

    [Fact]
    public async Task A_timeout_inside_a_step_is_a_fault_and_not_a_stop()
    {
        var slow = new StubStep("Database", () => throw new TaskCanceledException());

        var reports = await RunAsync(new Stage(StageKind.Gate, slow));

        reports[0].Outcome.ShouldBeOfType<StepOutcome.Faulted>();
    }

    private static ClusterApiException Error(ErrorClass errorClass) => new(errorClass, HttpStatusCode.UnprocessableEntity, "Invalid", "the API server said so");

    private static async Task<ImmutableArray<StepReport>> RunAsync(params ImmutableArray<Stage> stages) =>
        await Make.Runner().RunAsync(stages, Make.Pass(), TestContext.Current.CancellationToken);
}
