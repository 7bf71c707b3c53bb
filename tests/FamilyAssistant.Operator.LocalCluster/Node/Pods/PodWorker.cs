using System.Net;
using FamilyAssistant.Operator.LocalCluster.Node.Volumes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>
/// The life of one pod on this node. One loop looks at what should be and at what is, does the next thing, and publishes the status; everything else (the watch,
/// ends of processes, probes, timers) only wakes it.
/// </summary>
internal sealed class PodWorker : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LeastGrace = TimeSpan.FromSeconds(2);
    private readonly PodServices _services;
    private readonly PodReferences _references;
    private readonly PodContainers _containers;
    private readonly PodVolumes _volumes;
    private readonly PodStatusWriter _writer;
    private readonly PodReport _report;
    private readonly Signal _wake;
    private readonly CancellationTokenSource _stop = new();
    private readonly string _folder;
    private volatile V1Pod _pod;
    private volatile bool _isGone, _objectsChanged;
    private PodAttachment? _network;
    private DateTimeOffset? _alarm;
    private bool _isDetached, _isDeleted;

    public PodWorker(V1Pod pod, PodServices services)
    {
        _pod = pod;
        _services = services;
        _folder = Directory.CreateDirectory(Path.Combine(services.Folder, pod.Metadata.Uid)).FullName;
        _wake = new Signal(services.Clock);
        _references = new PodReferences(pod.Spec);
        _containers = new PodContainers(pod.Spec, services, _wake.Set);
        _volumes = new PodVolumes(Path.Combine(_folder, "volumes"), services.Objects, services.Claims, services.Clock);
        _writer = new PodStatusWriter(services, pod.Metadata);
        _report = new PodReport(pod, services);
        Done = Task.Run(RunAsync);
    }

    public V1Pod Pod => _pod;

    /// <summary>Done when the pod is gone from the API server and none of its processes is left.</summary>
    public Task Done { get; }

    public ContainerUnit? Container(string name) => _containers.Find(name);

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

    /// <summary>Something changed that the pod may be waiting for.</summary>
    public void Wake() => _wake.Set();

    /// <summary>Ends every process at once and forgets the pod; the API server is told nothing.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await Done;
        foreach (var run in _containers.All.Select(unit => unit.Run).OfType<ContainerRun>())
        {
            run.Kill();
            await run.Ended;
        }

        await _writer.DisposeAsync();
        _stop.Dispose();
    }

    private void NoteObject(bool isReferred)
    {
        if (isReferred)
        {
            _objectsChanged = true;
            _wake.Set();
        }
    }

    private async Task RunAsync()
    {
        while (!_stop.IsCancellationRequested)
        {
            try
            {
                _alarm = null;
                if (await StepAsync())
                {
                    return;
                }
            }
            catch (Exception e) when (!_stop.IsCancellationRequested)
            {
                _services.Log($"pod {_pod.Metadata.NamespaceProperty}/{_pod.Metadata.Name}: {e.Message}");
                AlarmAt(_services.Now + Retry);
            }
            catch (OperationCanceledException)
            {
                return;
            }

            await WaitAsync();
        }
    }

    private async Task WaitAsync()
    {
        try
        {
            await _wake.WaitAsync(_alarm, _stop.Token);
        }
        catch (OperationCanceledException)
        {
            // The loop looks itself.
        }
    }

    /// <summary>True when nothing is left to do, ever.</summary>
    private async Task<bool> StepAsync()
    {
        var pod = _pod;
        _containers.NoteEnds();
        if (_isGone)
        {
            _containers.Stop(pod, _network?.Address ?? "", Least(Grace(pod)));
            return !_containers.AreRunning && await ForgetAsync();
        }

        if (pod.Metadata.DeletionTimestamp is not null)
        {
            await EndAsync(pod);
            return false;
        }

        if (_report.HasRunTooLong(pod, AlarmAt))
        {
            _containers.Stop(pod, _network?.Address ?? "", Grace(pod));
        }
        else if (!_report.IsFinal)
        {
            await AdvanceAsync(pod);
        }

        Publish(pod);
        if (_report.IsFinal && !_containers.AreRunning)
        {
            Detach();
        }

        return false;
    }

    private async Task AdvanceAsync(V1Pod pod)
    {
        _network ??= _services.Network.Attach(pod);
        var ips = new PodIps(_network.Address, _services.NodeAddress);
        try
        {
            await _volumes.PrepareAsync(pod, ips, _stop.Token);
            if (_objectsChanged || _volumes.RefreshAt <= _services.Now)
            {
                _objectsChanged = false;
                await _volumes.RefreshAsync(pod, ips, _stop.Token);
            }
        }
        catch (VolumeException e)
        {
            if (e.Volume is not null)
            {
                _services.Events.Warning(pod, null, "FailedMount", e.Message);
            }

            AlarmAt(_services.Now + Retry);
            return;
        }

        if (_volumes.RefreshAt is { } refreshAt)
        {
            AlarmAt(refreshAt);
        }

        await _containers.EnsureAsync(new PodScene(pod, _network, _volumes, _folder), AlarmAt, _stop.Token);
    }

    /// <summary>The pod is being deleted: its processes first, then its address, then the object itself, unless somebody's finalizer holds it.</summary>
    private async Task EndAsync(V1Pod pod)
    {
        _containers.Stop(pod, _network?.Address ?? "", Grace(pod));
        if (!_containers.AreRunning && pod.Metadata.Finalizers is { Count: > 0 })
        {
            _report.End(_containers);
        }

        Publish(pod);
        if (_containers.AreRunning)
        {
            return;
        }

        Detach();
        if (!_isDeleted)
        {
            await _writer.FlushAsync(_stop.Token);
            await DeleteAsync(pod);
        }
    }

    private async Task DeleteAsync(V1Pod pod)
    {
        try
        {
            var options = new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = pod.Metadata.Uid } };
            await _services.Client.CoreV1.DeleteNamespacedPodAsync(pod.Metadata.Name, pod.Metadata.NamespaceProperty, options, cancellationToken: _stop.Token);
            _isDeleted = true;
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            _isDeleted = true;
        }
        catch (Exception e) when (e is HttpRequestException or IOException or HttpOperationException)
        {
            AlarmAt(_services.Now + Retry);
        }
    }

    private void Publish(V1Pod pod) => _writer.Publish(_report.Build(pod, _containers, _network));

    private void Detach()
    {
        if (!_isDetached && _network is not null)
        {
            _isDetached = true;
            _services.Network.Detach(_pod.Metadata.Uid);
        }
    }

    private async Task<bool> ForgetAsync()
    {
        Detach();
        await _writer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        return true;
    }

    private void AlarmAt(DateTimeOffset time) => _alarm = _alarm is { } earlier && earlier < time ? earlier : time;

    private static TimeSpan Grace(V1Pod pod) => TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds ?? 30);

    private static TimeSpan Least(TimeSpan grace) => grace < LeastGrace ? grace : LeastGrace;
}
