using FamilyAssistant.Operator.Api.Procedures;

namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>What one pass says of a procedure.</summary>
/// <param name="Phase">From <see cref="ProcedurePhases"/>.</param>
/// <param name="Reason">From <see cref="ProcedureReasons"/>.</param>
/// <param name="Message">What is so, and what to do about it.</param>
internal sealed record ProcedureReport(string Phase, string Reason, string Message)
{
    /// <summary>UID of the instance that it was begun on; null: it was not begun.</summary>
    public string? InstanceUid { get; init; }

    /// <summary>Another stage; null: the one before stays.</summary>
    public string? Stage { get; init; }

    /// <summary>What of the kind's own status changes; null: nothing.</summary>
    public Func<ProcedureStatus, ProcedureStatus>? Own { get; init; }

    /// <summary>Further evidence of how it was.</summary>
    public IReadOnlyDictionary<string, string>? Before { get; init; }
}
