namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>Phases of procedures. The page of each kind says which of them it has.</summary>
internal static class ProcedurePhases
{
    /// <summary>Its turn has not come, or what it needs is not there yet.</summary>
    public const string Pending = "Pending";

    /// <summary>It is being carried out.</summary>
    public const string Running = "Running";

    /// <summary>Of a backup: the set is made and is being proven.</summary>
    public const string Verifying = "Verifying";

    /// <summary>Of an operation: it did what was asked for. Final.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>Of a backup or a restore: it did what was asked for. Final.</summary>
    public const string Completed = "Completed";

    /// <summary>It was refused or given up. Final.</summary>
    public const string Failed = "Failed";

    /// <summary>Whether it did what was asked for.</summary>
    public static bool IsSuccess(string? phase) => phase is Succeeded or Completed;

    /// <summary>Whether it has ended.</summary>
    public static bool IsFinal(string? phase) => IsSuccess(phase) || phase is Failed;
}
