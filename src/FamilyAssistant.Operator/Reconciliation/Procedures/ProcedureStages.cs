namespace FamilyAssistant.Operator.Reconciliation.Procedures;

/// <summary>Stages that more than their handler knows.</summary>
internal static class ProcedureStages
{
    /// <summary>The instance is held at zero pods as long as the procedure that has its turn is in this stage, whatever <c>spec.replicas</c> says.</summary>
    public const string Stopping = "Stopping";
}
