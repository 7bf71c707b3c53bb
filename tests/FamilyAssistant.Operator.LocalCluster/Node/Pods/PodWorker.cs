using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>
/// One pod on this node. One loop looks at what should be and at what is, does the next thing, and publishes the status; everything else (the watch, ends of
/// processes, probes, timers) only wakes it.
/// </summary>
internal sealed class PodWorker : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private readonly PodServices _services;
    private readonly PodReferences _references;
    private readonly PodLife _life;
    private readonly Signal _wake;
    private readonly CancellationTokenSource _stop = new();
    private volatile V1Pod _pod;
    private volatile bool _isGone;
    private bool _objectsChanged;

    public PodWorker(V1Pod pod, PodServices services)
    {
        _pod = pod;
        _services = services;
        _wake = new Signal(services.Clock);
        _references = new PodReferences(pod.Spec);
        _life = new PodLife(pod, services, _wake.Set);
        Done = Task.Run(RunAsync);
    }

    public V1Pod Pod => _pod;

    /// <summary>Done when the pod is gone from the API server and none of its processes is left.</summary>
    public Task Done { get; }

    public ContainerUnit? Container(string name) => _life.Containers.Find(name);

    /// <summary>The pod changed.</summary>
    public void Update(V1Pod pod)
    {
        _pod = pod;
        _wake.Set();
    }

    /// <summary>The pod is gone from the API server: nobody asks for its end any more, it just has to come.</summary>
    public void Remove()
    {
        _isGone = true;
        _wake.Set();
    }

    /// <summary>A Secret changed.</summary>
    public void NoteSecret(string name) => NoteObject(_references.HasSecret(name));

    /// <summary>A ConfigMap changed.</summary>
    public void NoteConfigMap(string name) => NoteObject(_references.HasConfigMap(name));

    /// <summary>Takes the pod off the node, as a node under pressure does.</summary>
    public void Evict()
    {
        _life.Evict();
        _wake.Set();
    }

    /// <summary>Something changed that the pod may be waiting for.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Ends every process at once and forgets the pod; the API server is told nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Done;
        await _life.DisposeAsync();
        _stop.Dispose();
    }

    private void NoteObject(bool isReferred)
    {
        if (isReferred)
        {
            Volatile.Write(ref _objectsChanged, true);
            _wake.Set();
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            DateTimeOffset? next;
            try
            {
                if (_isGone ? await _life.LeaveAsync(_pod) : await _life.StepAsync(_pod, Interlocked.Exchange(ref _objectsChanged, false), _stop.Token))
                {
                    return;
                }

                next = _life.Alarm;
            }
            catch (OperationCanceledException) when (_stop.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                _services.Log($"pod {_pod.Metadata.NamespaceProperty}/{_pod.Metadata.Name}: {e.Message}");
                next = _services.Now + Retry;
            }

            await WaitAsync(next);
        }
    }

    private async Task WaitAsync(DateTimeOffset? until)
    {
        try
        {
            await _wake.WaitAsync(until, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks itself.
        }
    }
}
