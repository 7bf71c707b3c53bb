namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>Every request is recorded once it is answered (a watch: once it is open), without bodies: a body could hold a secret.</summary>
internal static class AuditPolicy
{
    public const string Yaml = """
        apiVersion: audit.k8s.io/v1
        kind: Policy
        omitStages: [RequestReceived]
        rules:
        - level: Metadata

        """;
}
