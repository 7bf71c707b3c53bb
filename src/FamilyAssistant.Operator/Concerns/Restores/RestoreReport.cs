using FamilyAssistant.Operator.Api.Procedures;
using FamilyAssistant.Operator.Api.Restores;
using FamilyAssistant.Operator.Reconciliation.Sets;

namespace FamilyAssistant.Operator.Concerns.Restores;

/// <summary>What of a restore's own status changes with a step. Pure.</summary>
internal static class RestoreReport
{
    /// <summary>The set was examined.</summary>
    public static Func<ProcedureStatus, ProcedureStatus> Set(RestoredSet set) => status => ((RestoreStatus)status) with { Set = set };

    /// <summary>The safety backup has a name.</summary>
    public static Func<ProcedureStatus, ProcedureStatus> Safety(string name) => status => ((RestoreStatus)status) with { SafetyBackup = name };

    /// <summary>The schema is at this revision.</summary>
    public static Func<ProcedureStatus, ProcedureStatus> Revision(string? revision) => status => ((RestoreStatus)status) with { Revision = revision };

    /// <summary>A Job has worked.</summary>
    public static Func<ProcedureStatus, ProcedureStatus> Worked(RestoreTool tool, ToolResult result) => status =>
    {
        var restore = (RestoreStatus)status;
        var seconds = new SortedDictionary<string, long>((restore.Seconds ?? new Dictionary<string, long>()).ToDictionary(), StringComparer.Ordinal);
        if (result.Seconds is { } taken)
        {
            seconds[RestoreTools.NameOf(tool)] = taken;
        }

        return restore with
        {
            Rows = tool == RestoreTool.RestoreDatabase ? result.Rows : restore.Rows,
            Seconds = seconds.Count == 0 ? restore.Seconds : seconds,
        };
    };
}
