using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node;

/// <summary>What the node follows; one watch of each kind, which all its parts share. Subscribe first, then start.</summary>
internal sealed class NodeWatches(IKubernetes client, string nodeName, Action<string> log) : IAsyncDisposable
{
    public ObjectWatch<V1Pod> Pods { get; } = new(client, "api/v1/pods", log: log);

    public ObjectWatch<V1Service> Services { get; } = new(client, "api/v1/services", log: log);

    /// <summary>The own node alone.</summary>
    public ObjectWatch<V1Node> Nodes { get; } = new(client, "api/v1/nodes", fieldSelector: $"metadata.name={nodeName}", log: log);

    public ObjectWatch<V1PersistentVolumeClaim> Claims { get; } = new(client, "api/v1/persistentvolumeclaims", log: log);

    public ObjectWatch<V1PersistentVolume> Volumes { get; } = new(client, "api/v1/persistentvolumes", log: log);

    public ObjectWatch<V1StorageClass> Classes { get; } = new(client, "apis/storage.k8s.io/v1/storageclasses", log: log);

    public async Task StartAsync(CancellationToken cancellation)
    {
        Classes.Start();
        Volumes.Start();
        Claims.Start();
        Services.Start();
        Nodes.Start();
        Pods.Start();
        await Task.WhenAll(
            Classes.SyncedAsync(cancellation),
            Volumes.SyncedAsync(cancellation),
            Claims.SyncedAsync(cancellation),
            Services.SyncedAsync(cancellation),
            Nodes.SyncedAsync(cancellation),
            Pods.SyncedAsync(cancellation));
    }

    public async ValueTask DisposeAsync()
    {
        await Pods.DisposeAsync();
        await Nodes.DisposeAsync();
        await Services.DisposeAsync();
        await Claims.DisposeAsync();
        await Volumes.DisposeAsync();
        await Classes.DisposeAsync();
    }
}
