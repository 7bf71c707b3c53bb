using System.Globalization;
using FamilyAssistant.Operator.Api.Conditions;
using FamilyAssistant.Operator.Api.Procedures;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>Report of one pass → status. Pure: the same report gives the same status.</summary>
internal static class ProcedureStatusProjector
{
    private const int MessageLimit = 4096;
    private const int ValueLimit = 1024;
    private const int MostEntries = 64;

    /// <summary>The new status. What was recorded once (who asked, the instance, times, evidence) stays as it is.</summary>
    public static T Project<T>(T? previous, ProcedureReport report, long generation, string? requestedBy, DateTimeOffset now)
        where T : ProcedureStatus, new()
    {
        var time = now.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
        ProcedureStatus before = previous ?? new T();
        var status = before with
        {
            ObservedGeneration = generation,
            Phase = report.Phase,
            Reason = report.Reason,
            Message = Cut(report.Message, MessageLimit),
            Conditions = Conditions(before, report, generation, now),
            RequestedBy = before.RequestedBy ?? requestedBy,
            InstanceUid = before.InstanceUid ?? report.InstanceUid,
            StartedAt = before.StartedAt ?? (report.InstanceUid is null && report.Stage is null ? null : time),
            FinishedAt = ProcedurePhases.IsFinal(report.Phase) ? time : null,
            Stage = report.Stage ?? before.Stage,
            Before = Merge(before.Before, report.Before),
        };
        return (T)(report.Own?.Invoke(status) ?? status);
    }

    private static IReadOnlyList<Condition> Conditions(ProcedureStatus previous, ProcedureReport report, long generation, DateTimeOffset now)
    {
        var conditions = new ConditionSet(previous.Conditions, generation, now);
        conditions.Add(ConditionTypes.Ready, ProcedurePhases.IsSuccess(report.Phase) ? "True" : "False", report.Reason, report.Message);
        if (report.Phase == ProcedurePhases.Failed)
        {
            conditions.Add(ConditionTypes.Stalled, "True", report.Reason, report.Message);
        }
        else if (!ProcedurePhases.IsSuccess(report.Phase))
        {
            conditions.Add(ConditionTypes.Reconciling, "True", Summary(report), report.Message);
        }

        return conditions.ToList();
    }

    private static string Summary(ProcedureReport report) => report.Reason switch
    {
        ProcedureReasons.InProgress or ProcedureReasons.Queued => SummaryReasons.Progressing,
        ProcedureReasons.RequestFailed => SummaryReasons.ProgressingWithRetry,
        _ => SummaryReasons.DependencyNotReady,
    };

    /// <summary>Evidence within the bounds of the definition; what was written once keeps its value.</summary>
    public static IReadOnlyDictionary<string, string>? Merge(IReadOnlyDictionary<string, string>? written, IReadOnlyDictionary<string, string>? further)
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
