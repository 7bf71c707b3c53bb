using System.Globalization;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Operations;

namespace FamilyAssistant.Operator.Reconciliation.Operations;

/// <summary>Report of one pass → status. Pure: the same report gives the same status.</summary>
internal static class OperationStatusProjector
{
    private const int MessageLimit = 4096;
    private const int ValueLimit = 1024;
    private const int MostEntries = 64;

    /// <summary>The new status. What was recorded once (who asked, the instance, times, evidence) stays as it is.</summary>
    public static OperationStatus Project(OperationStatus? previous, OperationReport report, long generation, string? requestedBy, DateTimeOffset now)
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        var before = previous ?? new OperationStatus();
        return before with
        {
            ObservedGeneration = generation,
            Phase = report.Phase,
            Reason = report.Reason,
            Message = Cut(report.Message, MessageLimit),
            Conditions = Conditions(before, report, generation, now),
            RequestedBy = before.RequestedBy ?? requestedBy,
            InstanceUid = before.InstanceUid ?? report.InstanceUid,
            StartedAt = before.StartedAt ?? (report.InstanceUid is null ? null : time),
            FinishedAt = OperationPhases.IsFinal(report.Phase) ? time : null,
            Stage = report.Stage ?? before.Stage,
            Before = Merge(before.Before, report.Before),
            After = Merge(before.After, report.After),
        };
    }

    private static IReadOnlyList<Condition> Conditions(OperationStatus previous, OperationReport report, long generation, DateTimeOffset now)
    {
        var conditions = new ConditionSet(previous.Conditions, generation, now);
        conditions.Add(ConditionTypes.Ready, report.Phase == OperationPhases.Succeeded ? "True" : "False", report.Reason, report.Message);
        if (report.Phase == OperationPhases.Failed)
        {
            conditions.Add(ConditionTypes.Stalled, "True", report.Reason, report.Message);
        }
        else if (report.Phase != OperationPhases.Succeeded)
        {
            conditions.Add(ConditionTypes.Reconciling, "True", Summary(report), report.Message);
        }

        return conditions.ToList();
    }

    private static string Summary(OperationReport report) => report.Reason switch
    {
        OperationReasons.InProgress or OperationReasons.Queued => SummaryReasons.Progressing,
        OperationReasons.RequestFailed => SummaryReasons.ProgressingWithRetry,
        _ => SummaryReasons.DependencyNotReady,
    };

    private static IReadOnlyDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? written, IReadOnlyDictionary<string, string>? further)
    {
        if (further is null)
        {
            return written;
        }

        var merged = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in written is null ? further : written.Concat(further))
        {
            if (merged.Count < MostEntries)
            {
                merged.TryAdd(key, Cut(value, ValueLimit));
            }
        }

        return merged;
    }

    private static string Cut(string text, int limit) => text.Length <= limit ? text : text[..limit];
}
