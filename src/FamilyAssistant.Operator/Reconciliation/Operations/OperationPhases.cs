namespace FamilyAssistant.Operator.Reconciliation.Operations;

/// <summary>Phases of an operation. See docs/operations.md.</summary>
internal static class OperationPhases
{
    /// <summary>Its turn has not come, or what it needs is not there yet.</summary>
    public const string Pending = "Pending";

    /// <summary>It is being carried out.</summary>
    public const string Running = "Running";

    /// <summary>It did what was asked for. Final.</summary>
    public const string Succeeded = "Succeeded";

    /// <summary>It was refused or given up. Final.</summary>
    public const string Failed = "Failed";

    /// <summary>Whether nothing is written any more.</summary>
    public static bool IsFinal(string? phase) => phase is Succeeded or Failed;
}
