using System.Collections.Concurrent;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>The pods of this node: one worker for each, from the first sight of it until it is gone.</summary>
internal sealed class PodSet : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, PodWorker> _workers = [];
    private readonly Lock _gate = new();
    private readonly PodServices _services;
    private bool _isOver;

    /// <param name="services">Of the node.</param>
    /// <param name="secrets">All Secrets; the watch has not started.</param>
    /// <param name="maps">All ConfigMaps, likewise.</param>
    public PodSet(PodServices services, ObjectWatch<V1Secret> secrets, ObjectWatch<V1ConfigMap> maps)
    {
        _services = services;
        secrets.Changed += (secret, _) => Each(secret.Metadata.NamespaceProperty, worker => worker.NoteSecret(secret.Metadata.Name));
        maps.Changed += (map, _) => Each(map.Metadata.NamespaceProperty, worker => worker.NoteConfigMap(map.Metadata.Name));
    }

    /// <summary>Begins to run pods, those first that are there already.</summary>
    /// <param name="pods">All pods; the watch runs already.</param>
    /// <param name="claims">What pods may wait for.</param>
    public void Start(ObjectWatch<V1Pod> pods, ObjectWatch<V1PersistentVolumeClaim> claims)
    {
        // A change that is told meanwhile waits, and comes after what is known now.
        lock (_gate)
        {
            pods.Changed += OnPod;
            foreach (var pod in pods.Items)
            {
                OnPod(pod, deleted: false);
            }
        }

        claims.Changed += (claim, _) => Each(claim.Metadata.NamespaceProperty, worker => worker.Wake());
    }

    /// <summary>The pod of this name whose processes may run; of two the later one.</summary>
    public PodWorker? Find(string @namespace, string name) => _workers.Values
        .Where(worker => worker.Pod.Metadata.NamespaceProperty == @namespace && worker.Pod.Metadata.Name == name)
        .MaxBy(worker => worker.Pod.Metadata.CreationTimestamp);

    /// <summary>Lets every pod look again at what it may have waited for.</summary>
    public void WakeAll()
    {
        foreach (var worker in _workers.Values)
        {
            worker.Wake();
        }
    }

    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            _isOver = true;
        }

        await Task.WhenAll(_workers.Values.Select(worker => worker.DisposeAsync().AsTask()));
    }

    private void OnPod(V1Pod pod, bool deleted)
    {
        lock (_gate)
        {
            if (!_isOver && pod.Spec.NodeName == _services.NodeName)
            {
                Note(pod, deleted);
            }
        }
    }

    private void Note(V1Pod pod, bool deleted)
    {
        var uid = pod.Metadata.Uid;
        if (_workers.TryGetValue(uid, out var known))
        {
            known.Update(pod);
            if (deleted)
            {
                known.Remove();
            }
        }
        else if (!deleted)
        {
            var worker = new PodWorker(pod, _services);
            _workers[uid] = worker;
            _ = worker.Done.ContinueWith(_ => _workers.TryRemove(uid, out var _), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private void Each(string @namespace, Action<PodWorker> action)
    {
        foreach (var worker in _workers.Values.Where(worker => worker.Pod.Metadata.NamespaceProperty == @namespace))
        {
            action(worker);
        }
    }
}
