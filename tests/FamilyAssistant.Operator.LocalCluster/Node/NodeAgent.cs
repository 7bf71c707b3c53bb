using System.Net;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Node.Kubelet;
using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>
/// The cluster's one node: it runs the pods that are bound to it as processes of this machine, each in a sandbox. README.md in this folder says what
/// it does as a kubelet does, and what it does not do.
/// </summary>
public sealed class NodeAgent : IAsyncDisposable
{
    private readonly NodeCluster _cluster;
    private readonly ObjectWatch<V1Secret> _secrets;
    private readonly ObjectWatch<V1ConfigMap> _maps;
    private readonly PodEvents _events;
    private readonly ContainerRunHistory _history = new();
    private readonly PodSet _pods;
    private KubeletServer? _server;

    private NodeAgent(NodeCluster cluster, IImageStore images, NodeAgentOptions options, TimeProvider clock)
    {
        _cluster = cluster;
        _secrets = new ObjectWatch<V1Secret>(cluster.Client, "api/v1/secrets", log: cluster.Log);
        _maps = new ObjectWatch<V1ConfigMap>(cluster.Client, "api/v1/configmaps", log: cluster.Log);
        _events = new PodEvents(cluster.Client, cluster.Settings.Name, clock);
        var objects = new PodObjects(cluster.Client, _secrets, _maps);
        var services = new PodServices
        {
            NodeName = cluster.Settings.Name,
            NodeAddress = cluster.Settings.Address.ToString(),
            Folder = Path.Combine(cluster.Settings.DataDirectory, "pods"),
            Client = cluster.Client,
            Images = new ImagePuller(images),
            Network = cluster.Network,
            Claims = cluster.Volumes,
            Objects = objects,
            Environment = new ContainerEnvironment(objects, cluster.ApiServerAddress),
            Events = _events,
            History = _history,
            Options = options,
            Clock = clock,
            Log = cluster.Log,
        };
        _pods = new PodSet(services, _secrets, _maps);
    }

    /// <summary>Name of the Node object.</summary>
    public string Name => _cluster.Settings.Name;

    /// <summary>Every run of a container so far, in order of their starts: what proves that two never ran at once.</summary>
    public IReadOnlyList<ContainerInterval> ContainerRuns => _history.All;

    /// <summary>Makes a full name known to every pod, such as that of a Service that exists elsewhere in reality.</summary>
    public void AddName(string fullName, IPAddress address) => _cluster.AddName(fullName, address);

    /// <summary>Ends all processes of a running container at once, as a crash would; false when it does not run.</summary>
    public bool KillContainer(string @namespace, string pod, string container)
    {
        var run = _pods.Find(@namespace, pod)?.Container(container)?.Run;
        run?.Kill();
        return run is not null;
    }

    /// <summary>Ends every process of every pod at once; the API server is told nothing, as when a machine loses power.</summary>
    public async ValueTask DisposeAsync()
    {
        if (_server is not null)
        {
            await _server.DisposeAsync();
        }

        await _pods.DisposeAsync();
        await _secrets.DisposeAsync();
        await _maps.DisposeAsync();
        await _events.DisposeAsync();
        await _cluster.DisposeAsync();
    }

    /// <summary>Starts to run pods.</summary>
    /// <param name="cluster">Runs already; it is disposed with the agent.</param>
    /// <param name="authority">Signs the certificate of the kubelet's server, and those of its clients.</param>
    /// <param name="images">What can be pulled.</param>
    /// <param name="options">Choices of an administrator.</param>
    /// <param name="clock">Of everything that a pod's status says.</param>
    /// <param name="cancellation">Ends the start.</param>
    internal static async Task<NodeAgent> StartAsync(
        NodeCluster cluster, CertificateAuthority authority, IImageStore images, NodeAgentOptions options, TimeProvider clock, CancellationToken cancellation)
    {
        var agent = new NodeAgent(cluster, images, options, clock);
        try
        {
            var address = new IPEndPoint(cluster.Settings.Address, NodeSettings.KubeletPort);
            agent._server = await KubeletServer.StartAsync(address, authority, agent._pods, clock, cancellation);
            agent._secrets.Start();
            agent._maps.Start();
            await agent._secrets.SyncedAsync(cancellation);
            await agent._maps.SyncedAsync(cancellation);
            agent._pods.Start(cluster.Pods, cluster.Claims);
            return agent;
        }
        catch
        {
            await agent.DisposeAsync();
            throw;
        }
    }
}
