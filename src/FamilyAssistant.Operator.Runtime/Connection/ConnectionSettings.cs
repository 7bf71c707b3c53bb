using System.Security.Cryptography.X509Certificates;

namespace FamilyAssistant.Operator.Runtime.Connection;

/// <summary>A resolved API server: address, trust and credentials.</summary>
public sealed record ConnectionSettings
{
    /// <summary>Address of the API server.</summary>
    public required Uri Server { get; init; }

    /// <summary>The only authorities that are trusted; null means those of the system.</summary>
    public X509Certificate2Collection? Authorities { get; init; }

    /// <summary>Client certificate, or null.</summary>
    public X509Certificate2? ClientCertificate { get; init; }

    /// <summary>Bearer token, or null.</summary>
    public ITokenSource? Token { get; init; }

    /// <summary>Name that the server's certificate must carry, when it differs from the address.</summary>
    public string? ServerName { get; init; }

    /// <summary>Namespace of the pod or of the kubeconfig context.</summary>
    public string Namespace { get; init; } = "default";

    /// <summary>
    /// Resolves the explicit file, then the <c>KUBECONFIG</c> variable, then the pod's service account. There is no default address:
    /// an operator that silently talks to localhost looks healthy and does nothing.
    /// </summary>
    /// <exception cref="InvalidOperationException">None of them is there, or it cannot be used.</exception>
    public static ConnectionSettings Resolve(ConnectionOptions options, TimeProvider time)
    {
        var file = options.KubeConfigPath ?? Environment.GetEnvironmentVariable("KUBECONFIG");
        if (!string.IsNullOrEmpty(file))
        {
            return KubeConfigFile.Load(file, options.Context, time);
        }

        return InClusterConfig.IsAvailable
            ? InClusterConfig.Load(time)
            : throw new InvalidOperationException(
                "No cluster: KUBERNETES_SERVICE_HOST is not set (not in a pod) and neither a kubeconfig option nor the KUBECONFIG variable names a file.");
    }
}
