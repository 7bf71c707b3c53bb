using System.Collections.Immutable;
using System.Diagnostics;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Instances;

namespace FamilyAssistant.Operator.Reconciliation;

/// <summary>Reports of one pass → status. Pure: the same reports give the same status, and an unchanged condition keeps its time.</summary>
internal static class StatusProjector
{
    /// <summary>The new status.</summary>
    /// <param name="previous">Status as it was read, or null.</param>
    /// <param name="generation">Generation of the spec that the pass acted on.</param>
    /// <param name="reports">Reports of the stages.</param>
    /// <param name="now">Time of the pass.</param>
    /// <param name="paused">Whether the pass was not allowed to write.</param>
    public static InstanceStatus Project(InstanceStatus? previous, long generation, ImmutableArray<StepReport> reports, DateTimeOffset now, bool paused)
    {
        var status = (previous ?? new InstanceStatus()) with { ObservedGeneration = generation };
        foreach (var report in reports)
        {
            status = report.Outcome?.Report?.Invoke(status) ?? status;
        }

        var conditions = new ConditionSet(previous?.Conditions ?? [], generation, now);
        ImmutableArray<StepReport> counted = [.. reports.Where(report => report.CountsForReady)];
        Summarise(conditions, counted);
        foreach (var report in reports)
        {
            conditions.Add(report.Condition, StatusOf(report.Outcome), ReasonOf(report), MessageOf(report));
        }

        return status with { Conditions = conditions.ToList(), Phase = Phases.Of(counted, paused) };
    }

    private static void Summarise(ConditionSet conditions, ImmutableArray<StepReport> reports)
    {
        var obstacle = Obstacle(reports);
        if (obstacle is null)
        {
            var stopped = reports.Any(report => report.Outcome?.Reason == Phases.StoppedReason);
            conditions.Add(ConditionTypes.Ready, "True", stopped ? Phases.StoppedReason : SummaryReasons.Succeeded, stopped ? "Stopped as asked: replicas is 0." : "The instance is as its spec says and serves its family.");
            return;
        }

        var message = $"{obstacle.Condition}: {MessageOf(obstacle)}";
        conditions.Add(ConditionTypes.Ready, "False", ReasonOf(obstacle), message);
        switch (obstacle.Outcome)
        {
            case StepOutcome.Blocked { NeedsSpecChange: true }:
                conditions.Add(ConditionTypes.Stalled, "True", ReasonOf(obstacle), message);
                break;
            case StepOutcome.Blocked or StepOutcome.Degraded:
                conditions.Add(ConditionTypes.Reconciling, "True", SummaryReasons.DependencyNotReady, message);
                break;
            case StepOutcome.Faulted:
                conditions.Add(ConditionTypes.Reconciling, "True", SummaryReasons.ProgressingWithRetry, message);
                break;
            default:
                conditions.Add(ConditionTypes.Reconciling, "True", SummaryReasons.Progressing, message);
                break;
        }
    }

    /// <summary>What keeps the instance from being Ready: an edit that is needed before anything else, else the first stage that is not as desired.</summary>
    private static StepReport? Obstacle(ImmutableArray<StepReport> reports) =>
        reports.FirstOrDefault(report => report.Outcome is StepOutcome.Blocked { NeedsSpecChange: true })
        ?? reports.FirstOrDefault(report => report.Outcome is not (null or StepOutcome.Settled))
        ?? reports.FirstOrDefault(report => report.Outcome is null);

    private static string StatusOf(StepOutcome? outcome) => outcome switch
    {
        null => "Unknown",
        StepOutcome.Settled => "True",
        StepOutcome.Progressing or StepOutcome.Degraded or StepOutcome.Blocked or StepOutcome.Faulted => "False",
        _ => throw new UnreachableException(),
    };

    private static string ReasonOf(StepReport report) => report.Outcome?.Reason ?? CommonReasons.Waiting;

    private static string MessageOf(StepReport report) => report.Outcome?.Message ?? $"Waits for {report.WaitsFor ?? "an earlier step"}.";
}
