using System.Net;
using FamilyAssistant.Operator.LocalCluster.Node.Volumes;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>The life of a pod in steps, each of which looks at everything anew; one at a time.</summary>
internal sealed class PodLife : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan ForcedGrace = TimeSpan.FromSeconds(2);
    private readonly PodServices _services;
    private readonly PodVolumes _volumes;
    private readonly PodStatusWriter _writer;
    private readonly PodReport _report;
    private readonly string _folder;
    private PodAttachment? _network;
    private bool _objectsChanged, _isDetached, _isDeleted;
    private volatile bool _isEvicted;

    /// <param name="pod">As first seen.</param>
    /// <param name="services">The node's.</param>
    /// <param name="changed">Called when another step is due; from any thread.</param>
    public PodLife(V1Pod pod, PodServices services, Action changed)
    {
        _services = services;
        _folder = Directory.CreateDirectory(Path.Combine(services.Folder, pod.Metadata.Uid)).FullName;
        _volumes = new PodVolumes(Path.Combine(_folder, "volumes"), services.Objects, services.Claims, services.Clock);
        _writer = new PodStatusWriter(services, pod.Metadata);
        _report = new PodReport(pod, services);
        Containers = new PodContainers(pod.Spec, services, changed);
    }

    public PodContainers Containers { get; }

    /// <summary>When the next step is due although nothing happens; null: never.</summary>
    public DateTimeOffset? Alarm { get; private set; }

    /// <summary>With the next step the pod fails, its processes end, and what they would have said is lost.</summary>
    public void Evict() => _isEvicted = true;

    /// <summary>The pod exists. False: there will be more to do.</summary>
    public async Task<bool> StepAsync(V1Pod pod, bool objectsChanged, CancellationToken cancellation)
    {
        Alarm = null;
        _objectsChanged |= objectsChanged;
        Containers.NoteEnds();
        if (pod.Metadata.DeletionTimestamp is not null)
        {
            await EndAsync(pod, cancellation);
            return false;
        }

        if (_isEvicted && !_report.IsFinal)
        {
            _report.Evict();
            Containers.Lose();
        }
        else if (_report.HasRunTooLong(pod, AlarmAt))
        {
            Containers.Stop(pod, _network?.Address ?? "", Grace(pod));
        }
        else if (!_report.IsFinal)
        {
            await AdvanceAsync(pod, cancellation);
        }

        Publish(pod);
        if (_report.IsFinal && !Containers.AreRunning)
        {
            Detach(pod);
        }

        return false;
    }

    /// <summary>The pod is gone from the API server. True when nothing of it is left here.</summary>
    public async Task<bool> LeaveAsync(V1Pod pod)
    {
        Alarm = null;
        Containers.NoteEnds();
        Containers.Stop(pod, _network?.Address ?? "", ForcedGrace);
        if (Containers.AreRunning)
        {
            return false;
        }

        Detach(pod);
        await _writer.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
        return true;
    }

    /// <summary>Ends every process at once; no step may follow.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var run in Containers.All.Select(unit => unit.Run).OfType<ContainerRun>())
        {
            run.Kill();
            await run.Ended;
        }

        await _writer.DisposeAsync();
    }

    private async Task AdvanceAsync(V1Pod pod, CancellationToken cancellation)
    {
        if (_network is null && _services.Holds.Keeps(pod))
        {
            return;
        }

        _network ??= _services.Network.Attach(pod);
        var ips = new PodIps(_network.Address, _services.NodeAddress);
        try
        {
            await _volumes.PrepareAsync(pod, ips, cancellation);
            if (_objectsChanged)
            {
                Containers.RetryNow();
            }

            if (_objectsChanged || _volumes.RefreshAt <= _services.Now)
            {
                _objectsChanged = false;
                await _volumes.RefreshAsync(pod, ips, cancellation);
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
            AlarmAt(refreshAt > _services.Now ? refreshAt : _services.Now + Retry);
        }

        await Containers.EnsureAsync(new PodScene(pod, _network, _volumes, _folder), AlarmAt, cancellation);
    }

    /// <summary>The pod is being deleted: its processes first, then its address, then the object itself, unless somebody's finalizer holds it.</summary>
    private async Task EndAsync(V1Pod pod, CancellationToken cancellation)
    {
        Containers.Stop(pod, _network?.Address ?? "", Grace(pod));
        if (!Containers.AreRunning && pod.Metadata.Finalizers is { Count: > 0 })
        {
            _report.End(Containers);
        }

        Publish(pod);
        if (Containers.AreRunning)
        {
            return;
        }

        Detach(pod);
        if (!_isDeleted)
        {
            await _writer.FlushAsync(cancellation);
            await DeleteAsync(pod, cancellation);
        }
    }

    private async Task DeleteAsync(V1Pod pod, CancellationToken cancellation)
    {
        try
        {
            var options = new V1DeleteOptions { GracePeriodSeconds = 0, Preconditions = new V1Preconditions { Uid = pod.Metadata.Uid } };
            await _services.Client.CoreV1.DeleteNamespacedPodAsync(pod.Metadata.Name, pod.Metadata.NamespaceProperty, options, cancellationToken: cancellation);
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

    private void Publish(V1Pod pod) => _writer.Publish(_report.Build(pod, Containers, _network));

    private void Detach(V1Pod pod)
    {
        if (!_isDetached && _network is not null)
        {
            _isDetached = true;
            _services.Network.Detach(pod.Metadata.Uid);
        }
    }

    private void AlarmAt(DateTimeOffset time) => Alarm = Alarm is { } earlier && earlier < time ? earlier : time;

    private static TimeSpan Grace(V1Pod pod) => TimeSpan.FromSeconds(pod.Metadata.DeletionGracePeriodSeconds ?? pod.Spec.TerminationGracePeriodSeconds ?? 30);
}
