namespace FamilyAssistant.Operator.Runtime.Connection;

/// <summary>Where the API server is and how patient the connection is.</summary>
public sealed record ConnectionOptions
{
    /// <summary>A kubeconfig file, for development. Null: the <c>KUBECONFIG</c> variable, and without it the pod's own service account.</summary>
    public string? KubeConfigPath { get; init; }

    /// <summary>Context within the kubeconfig file. Null: its current context.</summary>
    public string? Context { get; init; }

    /// <summary><c>User-Agent</c> of every request.</summary>
    public string UserAgent { get; init; } = "cluster-runtime";

    /// <summary>
    /// Highest HTTP version. Default 2: all requests share a few connections. With 1.1 a request that is given up takes its connection with it, so that the
    /// next attempt does not wait on the same dead one.
    /// </summary>
    public Version HttpVersion { get; init; } = System.Net.HttpVersion.Version20;

    /// <summary>Limit for TCP and TLS. Default 10 s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Silence after which an HTTP/2 ping is sent. Default 30 s, as in client-go.</summary>
    public TimeSpan PingDelay { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Limit for the answer to a ping; then the connection is given up. Default 15 s.</summary>
    public TimeSpan PingTimeout { get; init; } = TimeSpan.FromSeconds(15);
}
