namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>Names in <c>deploy/</c>.</summary>
public static class OperatorNames
{
    /// <summary>Namespace of <c>deploy/base</c>.</summary>
    public const string Namespace = "family-assistant-system";

    /// <summary>Deployment, ServiceAccount and Lease.</summary>
    public const string Name = "family-assistant-operator";

    /// <summary>The operator's user in the audit log when it runs in this namespace.</summary>
    public static string User(string ns = Namespace) => $"system:serviceaccount:{ns}:{Name}";
}
