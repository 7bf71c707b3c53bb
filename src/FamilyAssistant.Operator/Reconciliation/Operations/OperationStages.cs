namespace FamilyAssistant.Operator.Reconciliation.Operations;

/// <summary>Stages that more than their handler knows.</summary>
internal static class OperationStages
{
    /// <summary>The instance is held at zero pods as long as the operation that has its turn is in this stage, whatever <c>spec.replicas</c> says.</summary>
    public const string Stopping = "Stopping";
}
