using System.Net;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;
using k8s;
using k8s.Autorest;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Registration;

/// <summary>
/// Makes the node known and keeps it Ready: a Lease as heartbeat, and the status anew when the node lifecycle controller gave the node up (an outage
/// of the API server that lasted longer than its patience).
/// </summary>
internal sealed class NodeRegistration : IAsyncDisposable
{
    private const string LeaseNamespace = "kube-node-lease";

    /// <summary>The controllers wait for 40 seconds.</summary>
    private const int LeaseSeconds = 40;

    private static readonly TimeSpan Heartbeat = TimeSpan.FromSeconds(5);
    private readonly IKubernetes _client;
    private readonly NodeSettings _settings;
    private readonly TimeProvider _clock;
    private readonly PassLoop _loop;

    private NodeRegistration(IKubernetes client, NodeSettings settings, TimeProvider clock, Action<string> log)
    {
        _client = client;
        _settings = settings;
        _clock = clock;
        _loop = new PassLoop("node registration", BeatAsync, log, Heartbeat);
    }

    /// <summary>Registers the node; returns once it is there.</summary>
    public static async Task<NodeRegistration> StartAsync(IKubernetes client, NodeSettings settings, TimeProvider clock, Action<string> log, CancellationToken cancellation)
    {
        var registration = new NodeRegistration(client, settings, clock, log);
        registration._loop.Start();
        try
        {
            await registration._loop.FirstPassAsync(cancellation);
            return registration;
        }
        catch
        {
            await registration.DisposeAsync();
            throw;
        }
    }

    /// <summary>The controllers see by the missing heartbeat that the node is gone.</summary>
    public ValueTask DisposeAsync() => _loop.DisposeAsync();

    private async Task BeatAsync(CancellationToken cancellation)
    {
        var node = await FindAsync(() => _client.CoreV1.ReadNodeAsync(_settings.Name, cancellationToken: cancellation))
            ?? await _client.CoreV1.CreateNodeAsync(NodeObject.Build(_settings, _clock.GetUtcNow()), cancellationToken: cancellation);
        if (node.Status?.Conditions?.Any(condition => condition is { Type: "Ready", Status: "True" }) != true)
        {
            var status = new V1Node { Status = NodeObject.Status(_settings, _clock.GetUtcNow()) };
            await _client.CoreV1.PatchNodeStatusAsync(new V1Patch(status, V1Patch.PatchType.StrategicMergePatch), _settings.Name, cancellationToken: cancellation);
        }

        await RenewAsync(node, cancellation);
    }

    private async Task RenewAsync(V1Node node, CancellationToken cancellation)
    {
        var renewal = new { spec = new { holderIdentity = _settings.Name, leaseDurationSeconds = LeaseSeconds, renewTime = Now() } };
        var renewed = await FindAsync(() => _client.CoordinationV1.PatchNamespacedLeaseAsync(
            new V1Patch(renewal, V1Patch.PatchType.MergePatch), _settings.Name, LeaseNamespace, cancellationToken: cancellation));
        if (renewed is null)
        {
            await _client.CoordinationV1.CreateNamespacedLeaseAsync(
                new V1Lease
                {
                    Metadata = new V1ObjectMeta
                    {
                        Name = _settings.Name,
                        // The lease goes with the node.
                        OwnerReferences = [new V1OwnerReference { ApiVersion = "v1", Kind = "Node", Name = node.Metadata.Name, Uid = node.Metadata.Uid }],
                    },
                    // With a time from the start: the controllers compare each one with the first that they saw, and none is not earlier than any.
                    Spec = new V1LeaseSpec { HolderIdentity = _settings.Name, LeaseDurationSeconds = LeaseSeconds, RenewTime = Now() },
                },
                LeaseNamespace,
                cancellationToken: cancellation);
        }
    }

    /// <summary>Never a whole second: the client writes that without a fraction, which the server refuses here.</summary>
    private DateTime Now()
    {
        var now = _clock.GetUtcNow().UtcDateTime;
        return now.AddMicroseconds(now.Microsecond == 0 && now.Millisecond == 0 ? 1 : 0);
    }

    private static async Task<T?> FindAsync<T>(Func<Task<T>> request)
        where T : class
    {
        try
        {
            return await request();
        }
        catch (HttpOperationException e) when (e.Response.StatusCode == HttpStatusCode.NotFound)
        {
            return null;
        }
    }
}
