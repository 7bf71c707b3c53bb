using System.Collections.Concurrent;
using System.Net;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Scheduling;

/// <summary>Gives pods of the scheduler <c>default-scheduler</c> to the node, or says on them why not; tries again when anything changes that it looks at.</summary>
internal sealed class PodScheduler : IAsyncDisposable
{
    private const string SchedulerName = "default-scheduler";
    private const string SelectedNode = "volume.kubernetes.io/selected-node";
    private readonly IKubernetes _client;
    private readonly NodeWatches _watches;
    private readonly string _node;
    private readonly NodeEvents _events;
    private readonly TimeProvider _clock;
    private readonly PassLoop _loop;

    /// <summary>Pods bound by us of which the watch does not know it yet: they take capacity already.</summary>
    private readonly ConcurrentDictionary<string, V1Pod> _assumed = new();

    public PodScheduler(IKubernetes client, NodeWatches watches, NodeSettings settings, TimeProvider clock, Action<string> log)
    {
        _client = client;
        _watches = watches;
        _node = settings.Name;
        _events = new NodeEvents(client, SchedulerName, clock);
        _clock = clock;
        _loop = new PassLoop("scheduler", ScheduleAsync, log);
        watches.Pods.Changed += OnPod;
        watches.Nodes.Changed += (_, _) => _loop.Wake();
        watches.Claims.Changed += (_, _) => _loop.Wake();
        watches.Classes.Changed += (_, _) => _loop.Wake();
    }

    public void Start() => _loop.Start();

    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private void OnPod(V1Pod pod, bool deleted)
    {
        if (deleted || pod.Spec.NodeName is not null)
        {
            _assumed.TryRemove(pod.Metadata.Uid, out _);
        }

        _loop.Wake();
    }

    private async Task ScheduleAsync(CancellationToken cancellation)
    {
        var waiting = _watches.Pods.Items
            .Where(pod => pod.Spec.NodeName is null && pod.Spec.SchedulerName == SchedulerName && pod.Metadata.DeletionTimestamp is null && !_assumed.ContainsKey(pod.Metadata.Uid))
            .OrderByDescending(pod => pod.Spec.Priority ?? 0)
            .ThenBy(pod => pod.Metadata.CreationTimestamp)
            .ThenBy(pod => pod.Metadata.Name, StringComparer.Ordinal)
            .ToList();
        foreach (var pod in waiting)
        {
            try
            {
                await ActAsync(pod, SchedulingRules.Decide(pod, Picture(pod)), cancellation);
            }
            catch (HttpOperationException e) when (e.Response.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                // Deleted, or changed since: the watch tells it and wakes us.
            }
        }
    }

    private SchedulingPicture Picture(V1Pod pod) => new(
        _watches.Nodes.Find(null, _node),
        [.. _watches.Pods.Items.Where(other => other.Spec.NodeName == _node && other.Status?.Phase is not ("Succeeded" or "Failed")), .. _assumed.Values],
        name => _watches.Claims.Find(pod.Metadata.NamespaceProperty, name),
        name => _watches.Classes.Find(null, name)?.VolumeBindingMode == "WaitForFirstConsumer");

    private Task ActAsync(V1Pod pod, SchedulingDecision decision, CancellationToken cancellation) => decision switch
    {
        SchedulingDecision.Bind => BindAsync(pod, cancellation),
        SchedulingDecision.Provision provision => SelectNodeAsync(provision.Claims, cancellation),
        SchedulingDecision.Unschedulable unschedulable => ExplainAsync(pod, unschedulable.Message, cancellation),
        _ => throw new InvalidOperationException($"unknown decision {decision}"),
    };

    private async Task BindAsync(V1Pod pod, CancellationToken cancellation)
    {
        var (ns, name) = (pod.Metadata.NamespaceProperty, pod.Metadata.Name);
        var binding = new V1Binding
        {
            // The UID keeps a pod that was made again under this name meanwhile from being bound unseen.
            Metadata = new V1ObjectMeta { Name = name, Uid = pod.Metadata.Uid },
            Target = new V1ObjectReference { ApiVersion = "v1", Kind = "Node", Name = _node },
        };
        _assumed[pod.Metadata.Uid] = pod;
        try
        {
            await _client.CoreV1.CreateNamespacedPodBindingAsync(binding, name, ns, cancellationToken: cancellation);
        }
        catch
        {
            _assumed.TryRemove(pod.Metadata.Uid, out _);
            throw;
        }

        if (_watches.Pods.Find(ns, name)?.Spec.NodeName is not null)
        {
            // The watch was faster than the answer.
            _assumed.TryRemove(pod.Metadata.Uid, out _);
        }

        await _events.WriteAsync(pod, "Normal", "Scheduled", $"Successfully assigned {ns}/{name} to {_node}", cancellation);
    }

    /// <summary>By this annotation the volume controller lets the provisioner begin; once the claims are bound the pod is looked at again.</summary>
    private async Task SelectNodeAsync(IEnumerable<V1PersistentVolumeClaim> claims, CancellationToken cancellation)
    {
        foreach (var claim in claims.Where(claim => claim.Metadata.Annotations?.ContainsKey(SelectedNode) != true))
        {
            var patch = new { metadata = new { annotations = new Dictionary<string, string> { [SelectedNode] = _node } } };
            await _client.CoreV1.PatchNamespacedPersistentVolumeClaimAsync(
                new V1Patch(patch, V1Patch.PatchType.MergePatch), claim.Metadata.Name, claim.Metadata.NamespaceProperty, cancellationToken: cancellation);
        }
    }

    private async Task ExplainAsync(V1Pod pod, string message, CancellationToken cancellation)
    {
        if (pod.Status?.Conditions?.Any(condition => condition.Type == "PodScheduled" && condition.Status == "False" && condition.Message == message) == true)
        {
            return;
        }

        var status = new
        {
            status = new
            {
                conditions = new[] { new { type = "PodScheduled", status = "False", reason = "Unschedulable", message, lastTransitionTime = _clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'") } },
            },
        };
        await _client.CoreV1.PatchNamespacedPodStatusAsync(
            new V1Patch(status, V1Patch.PatchType.StrategicMergePatch), pod.Metadata.Name, pod.Metadata.NamespaceProperty, cancellationToken: cancellation);
        await _events.WriteAsync(pod, "Warning", "FailedScheduling", message, cancellation);
    }
}
