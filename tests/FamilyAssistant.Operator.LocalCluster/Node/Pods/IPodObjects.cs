using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>What pods refer to.</summary>
internal interface IPodObjects
{
    /// <summary>The Secret as the API server has it now (while it cannot be reached: as it was last seen); null when it does not exist.</summary>
    Task<V1Secret?> SecretAsync(string @namespace, string name, CancellationToken cancellation);

    /// <summary>The ConfigMap, likewise.</summary>
    Task<V1ConfigMap?> ConfigMapAsync(string @namespace, string name, CancellationToken cancellation);

    /// <summary>A token for a ServiceAccount that is bound to the pod; no audience: the API server's own.</summary>
    Task<V1TokenRequestStatus> TokenAsync(V1Pod pod, string? audience, long expirationSeconds, CancellationToken cancellation);
}
