using System.Net;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;
using FamilyAssistant.Operator.LocalCluster.Images;
using FamilyAssistant.Operator.LocalCluster.Node.Kubelet;
using FamilyAssistant.Operator.LocalCluster.Node.Pods;
using FamilyAssistant.Operator.LocalCluster.Node.Storage;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s;
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
    private readonly PodServices _services;
    private readonly PodSet _pods;
    private KubeletServer? _server;

    private NodeAgent(NodeCluster cluster, IImageStore images, NodeAgentOptions options, TimeProvider clock)
    {
        _cluster = cluster;
        _secrets = new ObjectWatch<V1Secret>(cluster.Client, "api/v1/secrets", log: cluster.Log);
        _maps = new ObjectWatch<V1ConfigMap>(cluster.Client, "api/v1/configmaps", log: cluster.Log);
        _events = new PodEvents(cluster.Client, cluster.Settings.Name, clock);
        var objects = new PodObjects(cluster.Client, _secrets, _maps);
        _services = new PodServices
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
        _pods = new PodSet(_services, _secrets, _maps);
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

    /// <summary>Whether there is the storage class <see cref="StorageClasses.Limited"/>.</summary>
    public bool CanLimitVolumes { get; private init; }

    /// <summary>Takes a pod off the node as a node under pressure does: phase Failed, reason Evicted, no termination message. False when the pod is not here.</summary>
    public bool EvictPod(string @namespace, string pod)
    {
        var worker = _pods.Find(@namespace, pod);
        worker?.Evict();
        return worker is not null;
    }

    /// <summary>Keeps pods that have not started from starting (they have the node and stay in phase Pending) until the result is disposed.</summary>
    /// <param name="which">Asked at each look at a pod that has not started, from any thread.</param>
    public IDisposable HoldPods(Func<V1Pod, bool> which) => _services.Holds.Add(which, _pods.WakeAll);

    /// <summary>
    /// Runs a second pod with the spec of one that is there, as while a node that is cut off goes on with what was started elsewhere again. The first one's controller does not know it; it
    /// goes with the same owner.
    /// </summary>
    public async Task<V1Pod> RunTwinAsync(string @namespace, string pod, CancellationToken cancellation = default)
    {
        var original = await _cluster.Client.CoreV1.ReadNamespacedPodAsync(pod, @namespace, cancellationToken: cancellation);
        return await _cluster.Client.CoreV1.CreateNamespacedPodAsync(PodTwin.Of(original, $"{pod}-twin"), @namespace, cancellationToken: cancellation);
    }

    /// <summary>The folder behind a bound claim, whose files a test may look at or damage; null while the claim is not bound.</summary>
    public string? VolumeFolder(string @namespace, string claim) => _cluster.Volumes.FolderOf(@namespace, claim);

    /// <summary>Makes a claim whose volume is a folder that is there already, such as what another cluster left. Its content is never deleted.</summary>
    /// <param name="namespace">Of the claim.</param>
    /// <param name="claim">Its name.</param>
    /// <param name="folder">With the volume's content.</param>
    /// <param name="size">What volume and claim say of their size.</param>
    /// <param name="cancellation">Ends the requests.</param>
    public Task AdoptVolumeAsync(string @namespace, string claim, string folder, string size = "1Gi", CancellationToken cancellation = default) =>
        AdoptedVolume.CreateAsync(_cluster.Client, @namespace, claim, folder, size, cancellation);

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
        var agent = new NodeAgent(cluster, images, options, clock) { CanLimitVolumes = await LimitedFolders.ArePossibleAsync() };
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
