using System.Net;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Writes the status of one pod when it changed, and again until it is written: an outage of the API server stops no pod.</summary>
internal sealed class PodStatusWriter : IAsyncDisposable
{
    private static readonly TimeSpan Retry = TimeSpan.FromMilliseconds(500);
    private readonly PodServices _services;
    private readonly V1ObjectMeta _pod;
    private readonly Signal _changed;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _loop;
    private volatile string _wanted = "";
    private volatile string _written = "";
    private TaskCompletionSource _settled = Settled();

    public PodStatusWriter(PodServices services, V1ObjectMeta pod)
    {
        _services = services;
        _pod = pod;
        _changed = new Signal(services.Clock);
        _loop = Task.Run(RunAsync);
    }

    public void Publish(V1PodStatus status)
    {
        var text = PodStatusPatch.Of(_pod.Uid, status);
        if (text != _wanted)
        {
            _settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _wanted = text;
            _changed.Set();
        }
    }

    /// <summary>Returns once the last published status is written, or the pod is gone.</summary>
    public Task FlushAsync(CancellationToken cancellation) => _settled.Task.WaitAsync(cancellation);

    public async ValueTask DisposeAsync()
    {
        if (!_stop.IsCancellationRequested)
        {
            await _stop.CancelAsync();
            await _loop;
            _stop.Dispose();
        }
    }

    private async Task RunAsync()
    {
        try
        {
            for (DateTimeOffset? again = null; ;)
            {
                await _changed.WaitAsync(again, _stop.Token);
                again = await WriteAsync() ? null : _services.Now + Retry;
            }
        }
        catch (OperationCanceledException)
        {
            // The pod is gone, or the node ends.
        }
    }

    private async Task<bool> WriteAsync()
    {
        var (wanted, settled) = (_wanted, _settled);
        try
        {
            if (wanted != _written)
            {
                await WriteAsync(wanted);
            }
        }
        catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
        {
            // The pod is gone; the watch will say so.
        }
        catch (HttpOperationException e)
        {
            _services.Log($"status of pod {_pod.NamespaceProperty}/{_pod.Name}: {e.Response.StatusCode} {e.Response.Content}");
            return false;
        }
        catch (Exception e) when (e is HttpRequestException or IOException || (e is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            return false;
        }

        _written = wanted;
        if (wanted == _wanted)
        {
            settled.TrySetResult();
        }

        return true;
    }

    private Task<V1Pod> WriteAsync(string status) => _services.Client.CoreV1.PatchNamespacedPodStatusAsync(
        new V1Patch(status, V1Patch.PatchType.StrategicMergePatch), _pod.Name, _pod.NamespaceProperty, cancellationToken: _stop.Token);

    private static TaskCompletionSource Settled()
    {
        var settled = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        settled.SetResult();
        return settled;
    }
}
