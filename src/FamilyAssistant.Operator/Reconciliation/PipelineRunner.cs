using System.Collections.Immutable;
using FamilyAssistant.Operator.Runtime.Cluster;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Runs the stages in their order and turns exceptions into outcomes, so that one failing concern is reported beside the others.</summary>
internal sealed partial class PipelineRunner(ILogger<PipelineRunner> logger)
{
    /// <summary>One report per stage, in the order of the list. Ends early when a step asks for the pass to be run again at once.</summary>
    public async ValueTask<ImmutableArray<StepReport>> RunAsync(ImmutableArray<Stage> stages, InstancePass pass, CancellationToken ct)
    {
        var reports = ImmutableArray.CreateBuilder<StepReport>(stages.Length);
        string? closed = null;
        foreach (var (kind, step) in stages)
        {
            var isStopped = closed is not null && kind == StageKind.Gate;
            var outcome = await ExecuteAsync(step, isStopped, pass, ct);
            reports.Add(new StepReport(step.Condition, outcome, outcome is null ? closed : null) { CountsForReady = kind != StageKind.Open });
            if (WantsAnotherRun(outcome))
            {
                break;
            }

            if (kind == StageKind.Gate && outcome is not (StepOutcome.Settled or StepOutcome.Degraded))
            {
                closed ??= step.Condition;
                pass = pass with { StopBecause = pass.StopBecause ?? outcome?.StopsBecause };
            }
        }

        return reports.ToImmutable();
    }

    /// <summary>Whether the step changed what earlier steps saw.</summary>
    public static bool WantsAnotherRun(StepOutcome? outcome) => outcome is StepOutcome.Progressing { CheckAfter.Ticks: 0 };

    private async ValueTask<StepOutcome?> ExecuteAsync(IInstanceStep step, bool isStopped, InstancePass pass, CancellationToken ct)
    {
        try
        {
            return isStopped ? await step.ExecuteBehindClosedGateAsync(pass, ct) : await step.ExecuteAsync(pass, ct);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            throw;
        }
        catch (ClusterApiException error) when (error.Class == ErrorClass.Conflict)
        {
            return new StepOutcome.Faulted(CommonReasons.RequestFailed, "Somebody else changed an object at the same moment; looking again.");
        }
        catch (ClusterApiException error) when (error.Class == ErrorClass.Invalid)
        {
            LogRefused(step.Condition, error.Message);
            return new StepOutcome.Blocked(CommonReasons.RequestFailed, $"The API server refuses what this spec asks for: {error.Message}", NeedsSpecChange: true);
        }
        catch (ClusterApiException error)
        {
            LogFailed(step.Condition, error.Message);
            return new StepOutcome.Faulted(CommonReasons.RequestFailed, error.Message);
        }
#pragma warning disable CA1031 // A bug in one concern must not keep the others, nor other instances, from working.
        catch (Exception error)
#pragma warning restore CA1031
        {
            LogBroken(error, step.Condition);
            return new StepOutcome.Faulted(CommonReasons.RequestFailed, $"Unexpected {error.GetType().Name}; see the operator's log.");
        }
    }

    [LoggerMessage(1000, LogLevel.Warning, "{Condition}: the API server refuses a request: {Error}")]
    private partial void LogRefused(string condition, string error);

    [LoggerMessage(1001, LogLevel.Warning, "{Condition}: a request failed: {Error}")]
    private partial void LogFailed(string condition, string error);

    [LoggerMessage(1002, LogLevel.Error, "{Condition}: unexpected error")]
    private partial void LogBroken(Exception exception, string condition);
}
