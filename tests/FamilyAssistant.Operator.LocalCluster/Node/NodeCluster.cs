using System.Net;
using FamilyAssistant.Operator.LocalCluster.Node.Network;
using FamilyAssistant.Operator.LocalCluster.Node.Registration;
using FamilyAssistant.Operator.LocalCluster.Node.Scheduling;
using FamilyAssistant.Operator.LocalCluster.Node.Storage;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>
/// What the cluster has of the node, beside its pods: the Node object and its heartbeat, scheduling, volumes, addresses and names, and the proxy for Services. It
/// takes the places of kube-scheduler, kube-proxy, DNS and a storage driver.
/// </summary>
internal sealed class NodeCluster : IAsyncDisposable
{
    private readonly IKubernetes _client;
    private readonly NodeLog _log;
    private readonly NodeWatches _watches;
    private readonly PodNetwork _network;
    private readonly VolumeProvisioner _provisioner;
    private readonly PodScheduler _scheduler;
    private readonly ServiceProxy _proxy;
    private NodeRegistration? _registration;

    private NodeCluster(IKubernetes client, NodeSettings settings, TimeProvider clock)
    {
        _client = client;
        _log = new NodeLog(Path.Combine(settings.DataDirectory, "node.log"), clock);
        _watches = new NodeWatches(client, settings.Name, Log);
        _network = new PodNetwork(_watches, settings, Log);
        _provisioner = new VolumeProvisioner(client, _watches, settings, clock, Log);
        _scheduler = new PodScheduler(client, _watches, settings, clock, Log);
        _proxy = new ServiceProxy(_watches, settings, Log);
        Settings = settings;
        Volumes = new ClaimVolumes(_watches);
    }

    public NodeSettings Settings { get; }

    /// <summary>With all rights.</summary>
    public IKubernetes Client => _client;

    /// <summary>All claims; the watch runs already.</summary>
    public ObjectWatch<V1PersistentVolumeClaim> Claims => _watches.Claims;

    /// <summary>All pods; the watch runs already.</summary>
    public ObjectWatch<V1Pod> Pods => _watches.Pods;

    public IPodNetwork Network => _network;

    public IClaimVolumes Volumes { get; }

    /// <summary>Writes a line to the node's log file.</summary>
    public void Log(string line) => _log.Write(line);

    /// <summary>Starts everything; returns once the node is registered and Services that exist are served.</summary>
    /// <param name="client">With all rights; it is disposed with this object.</param>
    /// <param name="settings">Who the node is; its folder exists.</param>
    /// <param name="clock">Of conditions, events and the Lease.</param>
    /// <param name="cancellation">Ends the wait.</param>
    public static async Task<NodeCluster> StartAsync(IKubernetes client, NodeSettings settings, TimeProvider clock, CancellationToken cancellation)
    {
        var cluster = new NodeCluster(client, settings, clock);
        try
        {
            await StorageClasses.EnsureAsync(client, cancellation);
            cluster._registration = await NodeRegistration.StartAsync(client, settings, clock, cluster.Log, cancellation);
            await cluster._watches.StartAsync(cancellation);
            cluster._network.Start();
            cluster._proxy.Start();
            cluster._provisioner.Start();
            cluster._scheduler.Start();
            await cluster._proxy.ReadyAsync(cancellation);
            return cluster;
        }
        catch
        {
            await cluster.DisposeAsync();
            throw;
        }
    }

    /// <summary>Makes a full name known to every pod, such as that of a Service that exists elsewhere in reality.</summary>
    public void AddName(string fullName, IPAddress address) => _network.AddName(fullName, address);

    /// <summary>The address at which pods find the API server: the Service's, where this process may listen there.</summary>
    public IPEndPoint ApiServerAddress
    {
        get
        {
            var service = new IPEndPoint(IPAddress.Parse(Settings.Range.KubernetesServiceAddress), 443);
            return _proxy.Serves(service) ? service : new IPEndPoint(IPAddress.Parse(Settings.ApiServer.Host), Settings.ApiServer.Port);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _scheduler.DisposeAsync();
        await _provisioner.DisposeAsync();
        await _proxy.DisposeAsync();
        await _network.DisposeAsync();
        await _watches.DisposeAsync();
        if (_registration is not null)
        {
            await _registration.DisposeAsync();
        }

        _client.Dispose();
        _log.Dispose();
    }
}
