namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>Reasons of operations beside those that every procedure may have. See docs/operations.md.</summary>
internal static class OperationReasons
{
    /// <summary>Failed: the key in use is from the user's own Secret, which the operator does not write.</summary>
    public const string KeyNotGenerated = "KeyNotGenerated";

    /// <summary>Failed: the instance is stopped.</summary>
    public const string InstanceStopped = "InstanceStopped";
}
