using System.Diagnostics;
using System.Globalization;
using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Reconciliation.Procedures;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What the outcome of a call means for the procedure. Pure.</summary>
internal static class ProcedureVerdict
{
    /// <summary>The report.</summary>
    public static ProcedureReport Of<TProcedure, TStatus>(ProcedureOutcome outcome, ProcedurePass<TProcedure> pass, ProcedureKind<TProcedure, TStatus> kind)
        where TProcedure : class
        where TStatus : ProcedureStatus, new()
    {
        var begunOn = pass.HasInstance ? pass.InstanceSource.Uid : null;
        var dryRun = kind.IsDryRun(pass.Procedure);
        var limit = kind.LimitOf(pass.Procedure);
        var report = outcome switch
        {
            ProcedureOutcome.Done done => new ProcedureReport(kind.SuccessPhase, dryRun ? ProcedureReasons.DryRun : ProcedureReasons.Completed, done.Message) { InstanceUid = begunOn },
            ProcedureOutcome.Failed failed => new ProcedureReport(ProcedurePhases.Failed, failed.Reason, failed.Message) { InstanceUid = begunOn },
            // The look without a stage has changed nothing, and its message says what would come next.
            ProcedureOutcome.Working working when dryRun && kind.DryRunOnlyLooks => new ProcedureReport(kind.SuccessPhase, ProcedureReasons.DryRun, $"Dry run, nothing was changed. {working.Message}") { InstanceUid = begunOn, Before = working.Before },
            ProcedureOutcome.Waiting waiting when dryRun && kind.DryRunOnlyLooks => new ProcedureReport(kind.SuccessPhase, ProcedureReasons.DryRun, $"Dry run, nothing was changed. It would wait: {waiting.Message}") { InstanceUid = begunOn },
            _ when Left(pass, limit) <= TimeSpan.Zero => Late(outcome, limit!.Value),
            ProcedureOutcome.Working working => new ProcedureReport(kind.PhaseOf(working.Stage), ProcedureReasons.InProgress, working.Message) { InstanceUid = begunOn, Stage = working.Stage, Before = working.Before },
            ProcedureOutcome.Waiting waiting => new ProcedureReport(pass.Stage is null ? ProcedurePhases.Pending : kind.PhaseOf(pass.Stage), waiting.Reason, waiting.Message),
            _ => throw new UnreachableException(),
        };
        return report with { Own = outcome.Report };
    }

    /// <summary>How long the procedure may go on; its whole time before it has begun, and null without a limit.</summary>
    public static TimeSpan? Left<TProcedure>(ProcedurePass<TProcedure> pass, TimeSpan? limit)
        where TProcedure : class =>
        DateTimeOffset.TryParse(pass.Status?.StartedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var began) ? began + limit - pass.Now : limit;

    private static ProcedureReport Late(ProcedureOutcome outcome, TimeSpan limit) => new(
        ProcedurePhases.Failed,
        ProcedureReasons.DeadlineExceeded,
        string.Create(CultureInfo.InvariantCulture, $"Not done within {limit.TotalMinutes:0} minutes; the instance goes on by itself. Last seen: {outcome.Message}"));
}
