using System.Diagnostics;
using System.Globalization;
using FamilyAssistant.Operator.Reconciliation.Operations;

namespace FamilyAssistant.Operator.Controllers;

/// <summary>What a handler's outcome means for the operation. Pure.</summary>
internal static class OperationVerdict
{
    /// <summary>The report.</summary>
    public static OperationReport Of(OperationOutcome outcome, OperationPass pass, TimeSpan limit)
    {
        var begunOn = pass.InstanceSource.Uid;
        return outcome switch
        {
            OperationOutcome.Done done => new OperationReport(OperationPhases.Succeeded, pass.Operation.Spec.DryRun ? OperationReasons.DryRun : OperationReasons.Completed, done.Message) { InstanceUid = begunOn, After = done.After },
            OperationOutcome.Failed failed => new OperationReport(OperationPhases.Failed, failed.Reason, failed.Message) { InstanceUid = begunOn },
            // The look without a stage has changed nothing, and its message says what would come next.
            OperationOutcome.Working working when pass.Operation.Spec.DryRun => new OperationReport(OperationPhases.Succeeded, OperationReasons.DryRun, $"Dry run, nothing was changed. {working.Message}") { InstanceUid = begunOn, Before = working.Before },
            OperationOutcome.Waiting waiting when pass.Operation.Spec.DryRun => new OperationReport(OperationPhases.Succeeded, OperationReasons.DryRun, $"Dry run, nothing was changed. It would wait: {waiting.Message}") { InstanceUid = begunOn },
            _ when Left(pass, limit) <= TimeSpan.Zero => Late(outcome, limit),
            OperationOutcome.Working working => new OperationReport(OperationPhases.Running, OperationReasons.InProgress, working.Message) { InstanceUid = begunOn, Stage = working.Stage, Before = working.Before },
            OperationOutcome.Waiting waiting => new OperationReport(pass.Stage is null ? OperationPhases.Pending : OperationPhases.Running, waiting.Reason, waiting.Message),
            _ => throw new UnreachableException(),
        };
    }

    /// <summary>How long the operation may go on; its whole time before it has begun.</summary>
    public static TimeSpan Left(OperationPass pass, TimeSpan limit) =>
        DateTimeOffset.TryParse(pass.Operation.Status?.StartedAt, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var began) ? began + limit - pass.Now : limit;

    private static OperationReport Late(OperationOutcome outcome, TimeSpan limit) => new(
        OperationPhases.Failed,
        OperationReasons.DeadlineExceeded,
        string.Create(CultureInfo.InvariantCulture, $"Not done within {limit.TotalMinutes:0} minutes; the instance goes on by itself. Last seen: {outcome.Message}"));
}
