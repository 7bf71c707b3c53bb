namespace FamilyAssistant.Operator.Concerns.Database;

/// <summary>What the concern has to know of the operator's own place.</summary>
/// <param name="OperatorNamespace">Namespace of the operator's pods: the managed server's NetworkPolicy lets them in to look.</param>
internal sealed record DatabaseOptions(string OperatorNamespace)
{
    /// <summary>Label <c>app.kubernetes.io/name</c> of the operator's pods.</summary>
    public string OperatorName { get; init; } = "family-assistant-operator";
}
