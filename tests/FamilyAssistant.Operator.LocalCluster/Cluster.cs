using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Node;
using FamilyAssistant.Operator.LocalCluster.Postgres;
using FamilyAssistant.Operator.LocalCluster.Provisioning;
using FamilyAssistant.Operator.LocalCluster.Telegram;
using k8s;

namespace FamilyAssistant.Operator.LocalCluster;

/// <summary>
/// A cluster of this machine: a real control plane and what runs around it; or, when KUBECONFIG_E2E names one, an existing cluster behind the same
/// properties. (Named so because a class with the namespace's name could not be written without its namespace in front.)
/// </summary>
public sealed class Cluster : IAsyncDisposable
{
    private readonly ClusterParts? _parts;
    private readonly string _kubectl;
    private readonly bool _deleteData;

    private Cluster(ClusterParts? parts, string kubectl, bool deleteData)
    {
        _parts = parts;
        _kubectl = kubectl;
        _deleteData = deleteData;
    }

    /// <summary>Everything the cluster writes: keys, logs, etcd, volumes.</summary>
    public required string DataDirectory { get; init; }

    /// <summary>Address and administrator's credentials. On an existing cluster files of credentials it does not use have an empty name.</summary>
    public required ClusterAccess Access { get; init; }

    /// <summary>What this cluster can do.</summary>
    public required ServerCapabilities Capabilities { get; init; }

    /// <summary>Every request to the API server, by user. Not available on an existing cluster.</summary>
    public AuditLog Audit => Servers("its audit log is not ours to read").Audit;

    /// <summary>The PostgreSQL outside the cluster. Not available on an existing cluster, or when the options leave it out.</summary>
    public PostgresServer Postgres => _parts?.Postgres ?? throw Missing("a PostgreSQL outside the cluster");

    /// <summary>The stand-in for Telegram's Bot API. Not available on an existing cluster, or when the options leave it out.</summary>
    public TelegramServer Telegram => _parts?.Telegram ?? throw Missing("a stand-in for Telegram");

    /// <summary>The node that runs pods. Not available on an existing cluster, or when the options leave it out.</summary>
    public NodeAgent Node => _parts?.Node ?? throw Missing("a node");

    /// <summary>The registry that the node agent pulls from. Not available on an existing cluster, or without the node agent.</summary>
    public StandInImages Images => _parts?.Images ?? throw Missing("a registry of stand-in images");

    /// <summary>Starts a cluster, or connects to the one that KUBECONFIG_E2E names.</summary>
    public static async Task<Cluster> StartAsync(LocalClusterOptions options, CancellationToken cancellation = default)
    {
        var folder = options.DataDirectory ?? Directory.CreateTempSubdirectory("localcluster-").FullName;
        var deleteData = options.DataDirectory is null;
        try
        {
            return Environment.GetEnvironmentVariable(ExistingCluster.Variable) is { Length: > 0 } kubeconfig
                ? await ConnectAsync(folder, deleteData, kubeconfig, cancellation)
                : await StartOwnAsync(options, folder, deleteData, cancellation);
        }
        catch when (deleteData)
        {
            Directory.Delete(folder, recursive: true);
            throw;
        }
    }

    /// <summary>A client with the administrator's credentials, or with those of another kubeconfig. The caller disposes it.</summary>
    public IKubernetes CreateClient(string? kubeconfig = null)
        => new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig ?? Access.KubeconfigFile));

    /// <summary>Runs kubectl as the administrator, unless the arguments name another kubeconfig.</summary>
    public Task<CommandResult> KubectlAsync(params string[] arguments) => CommandRunner.CaptureAsync(_kubectl, arguments, Home(Access.KubeconfigFile));

    /// <summary>Runs a script of bash in which <c>kubectl</c> acts with a kubeconfig; it ends at the first command that fails.</summary>
    /// <param name="script">What a person would type.</param>
    /// <param name="kubeconfig">Whose rights, and in which namespace.</param>
    /// <param name="variables">Further environment variables.</param>
    public Task<CommandResult> ShellAsync(string script, string kubeconfig, IReadOnlyDictionary<string, string> variables)
    {
        var environment = new Dictionary<string, string>(variables.Concat(Home(kubeconfig))) { ["PATH"] = $"{Path.GetDirectoryName(_kubectl)}:{Environment.GetEnvironmentVariable("PATH")}" };
        return CommandRunner.CaptureAsync("/bin/bash", ["-euo", "pipefail", "-c", script], environment);
    }

    /// <summary>Makes a kubeconfig for any user and groups, as a test of RBAC needs; returns its path.</summary>
    public Task<string> CreateUserKubeconfigAsync(string user, params string[] groups)
        => Task.FromResult(_parts?.Servers?.CreateUserKubeconfig(user, groups)
            ?? ExistingCluster.Impersonate(Access.KubeconfigFile, Path.Combine(DataDirectory, $"user-{Guid.NewGuid():N}.kubeconfig"), user, groups));

    /// <summary>Stops the API server, an outage; not available on an existing cluster.</summary>
    public Task StopApiServerAsync() => Servers("its API server is not ours to stop").StopApiServerAsync();

    /// <summary>Ends an outage; returns once the server is ready, at the same address.</summary>
    public Task StartApiServerAsync(CancellationToken cancellation = default) => Servers("its API server is not ours to start").StartApiServerAsync(cancellation);

    /// <summary>Stops and starts the API server.</summary>
    public Task RestartApiServerAsync(CancellationToken cancellation = default) => Servers("its API server is not ours to restart").RestartApiServerAsync(cancellation);

    /// <summary>Kills the API server, which cuts off what is under way, and starts it again.</summary>
    public Task CrashApiServerAsync(CancellationToken cancellation = default) => Servers("its API server is not ours to kill").CrashApiServerAsync(cancellation);

    /// <summary>Stops what this object started, in reverse order, and deletes the data folder when it was a temporary one.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_parts is not null)
        {
            await _parts.DisposeAsync();
        }

        if (_deleteData)
        {
            Directory.Delete(DataDirectory, recursive: true);
        }
    }

    private static async Task<Cluster> StartOwnAsync(LocalClusterOptions options, string folder, bool deleteData, CancellationToken cancellation)
    {
        var provisioner = new Provisioner(options.Progress);
        if (options.NodeAgent)
        {
            await provisioner.PodToolsAsync(cancellation);
        }

        if (options.NodeAgent || options.Postgres)
        {
            await StandInTools.EnsureAsync(options.Progress, cancellation);
        }

        var binaries = await provisioner.ControlPlaneAsync(cancellation);
        options.Progress($"control plane: {binaries.Source}");
        var parts = await ClusterParts.StartAsync(options, binaries, folder, cancellation);
        return new Cluster(parts, binaries.Kubectl, deleteData)
        {
            DataDirectory = folder,
            Access = parts.Servers!.Access,
            Capabilities = new ServerCapabilities
            {
                ServerVersion = parts.Servers.Version,
                HasControllerManager = parts.Servers.HasControllerManager,
                RunsPods = parts.Node is not null,
                IsOwned = true,
            },
        };
    }

    private static async Task<Cluster> ConnectAsync(string folder, bool deleteData, string kubeconfig, CancellationToken cancellation)
    {
        var access = ExistingCluster.Read(kubeconfig, folder);
        using var client = new Kubernetes(KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig));
        var version = await client.Version.GetCodeAsync(cancellation);
        var kubectl = SearchPath.Find("kubectl") ?? throw new ProvisioningException("kubectl is not on PATH");
        return new Cluster(parts: null, kubectl, deleteData)
        {
            DataDirectory = folder,
            Access = access,
            Capabilities = new ServerCapabilities
            {
                ServerVersion = KubeVersion.Parse(version.GitVersion),
                HasControllerManager = true,
                RunsPods = true,
                IsOwned = false,
            },
        };
    }

    /// <summary>kubectl keeps what it learnt about a server by address and port, and ports are used again by other clusters: its home is ours alone.</summary>
    private Dictionary<string, string> Home(string kubeconfig) =>
        new() { ["KUBECONFIG"] = kubeconfig, ["HOME"] = Directory.CreateDirectory(Path.Combine(DataDirectory, "kubectl")).FullName };

    private ControlPlaneServers Servers(string what)
        => _parts?.Servers ?? throw new InvalidOperationException($"not available on the existing cluster of {ExistingCluster.Variable}: {what}");

    private InvalidOperationException Missing(string what)
        => new(_parts is null ? $"the existing cluster of {ExistingCluster.Variable} comes without {what}" : $"this cluster's options leave out {what}");
}
