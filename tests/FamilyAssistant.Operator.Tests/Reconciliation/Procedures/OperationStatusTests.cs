using FamilyAssistant.Operator.Api.Operations;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Reconciliation.Procedures;
using Shouldly;
using Xunit;

namespace FamilyAssistant.Operator.Tests.Reconciliation.Procedures;

public sealed class OperationStatusTests
{
    private static readonly ProcedureReport Running = new(ProcedurePhases.Running, ProcedureReasons.InProgress, "Working.")
    {
        InstanceUid = "one", Stage = "First", Before = new Dictionary<string, string> { ["a"] = "1" },
    };

    [Fact]
    public void What_was_recorded_once_stays()
    {
        var first = Project(null, Running, "kubectl-create", Make.Noon);

        var second = Project(
            first,
            new ProcedureReport(ProcedurePhases.Running, ProcedureReasons.InProgress, "Still.") { InstanceUid = "two", Before = new Dictionary<string, string> { ["a"] = "2", ["b"] = "3" } },
            "somebody-else",
            Make.Noon.AddMinutes(1));

        (second.RequestedBy, second.InstanceUid, second.StartedAt, second.Stage).ShouldBe(("kubectl-create", "one", "2026-02-22T12:00:00Z", "First"));
        second.Before.ShouldBe(new Dictionary<string, string> { ["a"] = "1", ["b"] = "3" });
    }

    [Fact]
    public void The_same_report_gives_the_same_status()
    {
        var first = Project(null, Running, "kubectl-create", Make.Noon);

        StatusPatch.IsSame(first, Project(first, Running, "kubectl-create", Make.Noon.AddMinutes(1)), StatusPatchContext.Default.OperationStatus).ShouldBeTrue();
        StatusPatch.IsSame(first, Project(first, Running with { Message = "More." }, "kubectl-create", Make.Noon), StatusPatchContext.Default.OperationStatus).ShouldBeFalse();
        StatusPatch.IsSame(null, first, StatusPatchContext.Default.OperationStatus).ShouldBeFalse();
    }

    [Theory]
    [InlineData("Pending", "Queued", "Progressing")]
    [InlineData("Running", "InProgress", "Progressing")]
    [InlineData("Pending", "InstanceNotFound", "DependencyNotReady")]
    [InlineData("Running", "InstancePaused", "DependencyNotReady")]
    [InlineData("Running", "RequestFailed", "ProgressingWithRetry")]
    public void Reconciling_says_whom_it_waits_for(string phase, string reason, string summary)
    {
        var status = Project(null, new ProcedureReport(phase, reason, "So."), null, Make.Noon);

        status.Conditions.Single(condition => condition.Type == "Reconciling").Reason.ShouldBe(summary);
        status.Conditions.Single(condition => condition.Type == "Ready").Reason.ShouldBe(reason);
        (status.StartedAt, status.FinishedAt).ShouldBe((null, null));
    }

    [Fact]
    public void Evidence_and_message_keep_within_the_bounds_of_the_schema()
    {
        var many = Enumerable.Range(0, 100).ToDictionary(number => $"key{number}", _ => new string('x', 5000));

        var status = Project(null, Running with { Message = new string('x', 10000), Before = many }, null, Make.Noon);

        status.Message!.Length.ShouldBe(4096);
        status.Before!.Count.ShouldBe(64);
        status.Before.Values.ShouldAllBe(value => value.Length == 1024);
    }

    private static OperationStatus Project(OperationStatus? previous, ProcedureReport report, string? by, DateTimeOffset now) => ProcedureStatusProjector.Project(previous, report, 1, by, now);
}
