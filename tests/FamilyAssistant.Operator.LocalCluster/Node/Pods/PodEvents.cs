using System.Threading.Channels;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Pods;

/// <summary>Events about pods, as <c>kubectl describe</c> shows them; equal ones are counted. An event that cannot be written is lost, as everywhere.</summary>
internal sealed class PodEvents : IAsyncDisposable
{
    private const int Waiting = 1000;
    private readonly Channel<Corev1Event> _queue = Channel.CreateBounded<Corev1Event>(new BoundedChannelOptions(Waiting) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly Dictionary<(string Uid, string Field, string Reason, string Message), Corev1Event> _written = [];
    private readonly CancellationTokenSource _stop = new();
    private readonly IKubernetes _client;
    private readonly TimeProvider _clock;
    private readonly string _node;
    private readonly Task _writer;

    public PodEvents(IKubernetes client, string node, TimeProvider clock)
    {
        _client = client;
        _clock = clock;
        _node = node;
        _writer = WriteAsync();
    }

    public void Normal(V1Pod pod, string? container, string reason, string message) => Record(pod, container, "Normal", reason, message);

    public void Warning(V1Pod pod, string? container, string reason, string message) => Record(pod, container, "Warning", reason, message);

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _writer;
        _stop.Dispose();
    }

    private void Record(V1Pod pod, string? container, string type, string reason, string message)
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        _queue.Writer.TryWrite(new Corev1Event
        {
            Metadata = new V1ObjectMeta { Name = $"{pod.Metadata.Name}.{Guid.NewGuid().ToString("N")[..16]}", NamespaceProperty = pod.Metadata.NamespaceProperty },
            InvolvedObject = new V1ObjectReference
            {
                ApiVersion = "v1",
                Kind = "Pod",
                Name = pod.Metadata.Name,
                NamespaceProperty = pod.Metadata.NamespaceProperty,
                Uid = pod.Metadata.Uid,
                ResourceVersion = pod.Metadata.ResourceVersion,
                FieldPath = container is null ? null : $"spec.containers{{{container}}}",
            },
            Type = type,
            Reason = reason,
            Message = message,
            Source = new V1EventSource { Component = "kubelet", Host = _node },
            FirstTimestamp = now,
            LastTimestamp = now,
            Count = 1,
        });
    }

    private async Task WriteAsync()
    {
        try
        {
            await foreach (var item in _queue.Reader.ReadAllAsync(_stop.Token))
            {
                await WriteAsync(item);
            }
        }
        catch (OperationCanceledException)
        {
            // The node ends.
        }
    }

    private async Task WriteAsync(Corev1Event item)
    {
        var key = (item.InvolvedObject.Uid, item.InvolvedObject.FieldPath ?? "", item.Reason, item.Message);
        try
        {
            if (_written.TryGetValue(key, out var earlier))
            {
                earlier.Count++;
                earlier.LastTimestamp = item.LastTimestamp;
                var change = new V1Patch(KubernetesJson.Serialize(new Corev1Event { Count = earlier.Count, LastTimestamp = earlier.LastTimestamp }), V1Patch.PatchType.MergePatch);
                await _client.CoreV1.PatchNamespacedEventAsync(change, earlier.Metadata.Name, earlier.Metadata.NamespaceProperty, cancellationToken: _stop.Token);
                return;
            }

            await _client.CoreV1.CreateNamespacedEventAsync(item, item.Metadata.NamespaceProperty, cancellationToken: _stop.Token);
            _written[key] = item;
        }
        catch (Exception e) when (e is k8s.Autorest.HttpOperationException or HttpRequestException or IOException)
        {
            _written.Remove(key);
        }
    }
}
