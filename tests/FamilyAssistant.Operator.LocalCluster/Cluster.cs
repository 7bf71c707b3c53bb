using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using k8s;

namespace FamilyAssistant.Operator.LocalCluster;

/// <summary>
/// A cluster of this machine: a real control plane and what runs around it; or, when KUBECONFIG_E2E names one, an existing cluster behind the same
/// properties. (Named so because a class with the namespace's name could not be written without its namespace in front.)
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly ControlPlaneServers? _servers;
    private readonly string _kubectl;
    private readonly bool _deleteData;

    private Cluster(string dataDirectory, bool deleteData, string kubectl, ClusterAccess access, ControlPlaneServers? servers, ServerCapabilities capabilities)
    {
        DataDirectory = dataDirectory;
        _deleteData = deleteData;
        _kubectl = kubectl;
        Access = access;
        _servers = servers;
        Capabilities = capabilities;
    }

    /// <summary>Everything the cluster writes: keys, logs, etcd, volumes.</summary>
    public string DataDirectory { get; }

    /// <summary>Address and administrator's credentials. On an existing cluster files of credentials it does not use have an empty name.</summary>
    public ClusterAccess Access { get; }

    /// <summary>What this cluster can do.</summary>
    public ServerCapabilities Capabilities { get; }

    /// <summary>Every request to the API server, by user. Not available on an existing cluster.</summary>
    public AuditLog Audit => Owned("its audit log is not ours to read").Audit;

    /// <summary>Starts a cluster, or connects to the one that KUBECONFIG_E2E names.</summary>
    public static async Task<Cluster> StartAsync(LocalClusterOptions options, CancellationToken cancellation = default)
    {
        var folder = options.DataDirectory ?? Directory.CreateTempSubdirectory("localcluster-").FullName;
        var deleteData = options.DataDirectory is null;
        if (Environment.GetEnvironmentVariable(ExistingCluster.Variable) is { Length: > 0 } kubeconfig)
        {
            return await ConnectAsync(folder, deleteData, kubeconfig, cancellation);
        }

        var binaries = await new Provisioner(options.Progress).ControlPlaneAsync(cancellation);
        options.Progress($"control plane: {binaries.Source}");
        var servers = await ControlPlaneServers.StartAsync(binaries, Path.Combine(folder, "control-plane"), options.Progress, cancellation);
        var capabilities = new ServerCapabilities
        {
            ServerVersion = servers.Version,
            HasControllerManager = servers.HasControllerManager,
            RunsPods = false,
            IsOwned = true,
        };
        return new Cluster(folder, deleteData, binaries.Kubectl, servers.Access, servers, capabilities);
    }

    /// <summary>A client with the administrator's credentials, or with those of another kubeconfig. The caller disposes it.</summary>
    public IKubernetes CreateClient(string? kubeconfig = null)
        => new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig ?? Access.KubeconfigFile));

    /// <summary>Runs kubectl as the administrator, unless the arguments name another kubeconfig.</summary>
    public Task<CommandResult> KubectlAsync(params string[] arguments)
    {
        // kubectl keeps what it learnt about a server by address and port, and ports are used again by other clusters: its home is ours alone.
        var home = Path.Combine(DataDirectory, "kubectl");
        Directory.CreateDirectory(home);
        return CommandRunner.CaptureAsync(_kubectl, arguments, new Dictionary<string, string> { ["KUBECONFIG"] = Access.KubeconfigFile, ["HOME"] = home });
    }

    /// <summary>Makes a kubeconfig for any user and groups, as a test of RBAC needs; returns its path.</summary>
    public Task<string> CreateUserKubeconfigAsync(string user, params string[] groups)
        => Task.FromResult(_servers?.CreateUserKubeconfig(user, groups)
            ?? ExistingCluster.Impersonate(Access.KubeconfigFile, Path.Combine(DataDirectory, $"user-{Guid.NewGuid():N}.kubeconfig"), user, groups));

    /// <summary>Stops the API server, an outage; not available on an existing cluster.</summary>
    public Task StopApiServerAsync() => Owned("its API server is not ours to stop").StopApiServerAsync();

    /// <summary>Ends an outage; returns once the server is ready, at the same address.</summary>
    public Task StartApiServerAsync(CancellationToken cancellation = default) => Owned("its API server is not ours to start").StartApiServerAsync(cancellation);

    /// <summary>Stops and starts the API server.</summary>
    public Task RestartApiServerAsync(CancellationToken cancellation = default) => Owned("its API server is not ours to restart").RestartApiServerAsync(cancellation);

    /// <summary>Stops what this object started, in reverse order, and deletes the data folder when it was a temporary one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_servers is not null)
        {
            await _servers.DisposeAsync();
        }

        if (_deleteData)
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }

    private static async Task<Cluster> ConnectAsync(string folder, bool deleteData, string kubeconfig, CancellationToken cancellation)
    {
        var access = ExistingCluster.Read(kubeconfig, folder);
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        var version = await client.Version.GetCodeAsync(cancellation);
        var capabilities = new ServerCapabilities
        {
            ServerVersion = KubeVersion.Parse(version.GitVersion),
            HasControllerManager = true,
            RunsPods = true,
            IsOwned = false,
        };
        var kubectl = SearchPath.Find("kubectl") ?? throw new ProvisioningException("kubectl is not on PATH");
        return new Cluster(folder, deleteData, kubectl, access, servers: null, capabilities);
    }

    private ControlPlaneServers Owned(string what)
        => _servers ?? throw new InvalidOperationException($"not available on the existing cluster of {ExistingCluster.Variable}: {what}");
}
