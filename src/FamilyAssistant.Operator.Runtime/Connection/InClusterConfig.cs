using System.Security.Cryptography.X509Certificates;

namespace FamilyAssistant.Operator.Runtime.Connection;

/// <summary>The service account that the kubelet mounts into every pod.</summary>
public static class InClusterConfig
{
    private const string DefaultFolder = "/var/run/secrets/kubernetes.io/serviceaccount";

    /// <summary>Whether this process runs in a pod.</summary>
    public static bool IsAvailable => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST"));

    /// <summary>Reads address, authority and token.</summary>
    /// <param name="time">Clock for the re-reading of the token.</param>
    /// <param name="folder">Folder of the mounted service account.</param>
    /// <exception cref="InvalidOperationException">Something of it is missing.</exception>
    public static ConnectionSettings Load(TimeProvider time, string folder = DefaultFolder)
    {
        var host = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_HOST")
            ?? throw new InvalidOperationException("KUBERNETES_SERVICE_HOST is not set.");
        var port = Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT_HTTPS")
            ?? Environment.GetEnvironmentVariable("KUBERNETES_SERVICE_PORT") ?? "443";
        var authority = Path.Combine(folder, "ca.crt");
        var token = new FileToken(Path.Combine(folder, "token"), time);
        if (!File.Exists(authority))
        {
            throw new InvalidOperationException($"{authority} is missing: does the pod mount its service account token?");
        }

        _ = token.Token;
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(authority);
        var namespaceFile = Path.Combine(folder, "namespace");
        return new ConnectionSettings
        {
            Server = new Uri(host.Contains(':', StringComparison.Ordinal) ? $"https://[{host}]:{port}" : $"https://{host}:{port}"),
            Authorities = authorities,
            Token = token,
            Namespace = File.Exists(namespaceFile) ? File.ReadAllText(namespaceFile).Trim() : "default",
        };
    }
}
