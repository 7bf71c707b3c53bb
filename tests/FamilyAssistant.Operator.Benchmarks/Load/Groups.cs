namespace FamilyAssistant.Operator.Benchmarks.Load;

/// <summary>Beginnings of API paths.</summary>
internal static class Groups
{
    /// <summary>Of the operator's kinds.</summary>
    public const string Instances = $"/apis/{WireNames.ApiVersion}";

    /// <summary>Of StatefulSets.</summary>
    public const string Apps = "/apis/apps/v1";

    /// <summary>Of Services, ServiceAccounts and volumes.</summary>
    public const string Core = "/api/v1";

    /// <summary>Of NetworkPolicies.</summary>
    public const string Networking = "/apis/networking.k8s.io/v1";
}
