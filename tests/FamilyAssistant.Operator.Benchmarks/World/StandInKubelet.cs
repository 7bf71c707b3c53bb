using System.Net;
using System.Text.Json.Nodes;
using System.Threading.Channels;

namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>
/// The kubelet's part that the operator can see, for pods that nothing runs: a new pod is running and ready at once, at the address that <see cref="HealthServer"/>
/// answers at; a deleted one is gone at once.
/// </summary>
internal sealed class StandInKubelet : IAsyncDisposable
{
    /// <summary>User of its requests.</summary>
    public const string User = "bench-kubelet";

    private const int Workers = 4;
    private readonly Channel<JsonNode> _pods = Channel.CreateUnbounded<JsonNode>();
    private readonly ApiClient _api;
    private readonly Func<string, string> _address;
    private readonly CancellationToken _ct;
    private ObjectWatch? _watch;
    private Task _work = Task.CompletedTask;

    private StandInKubelet(ApiClient api, Func<string, string> address, CancellationToken ct)
    {
        _api = api;
        _address = address;
        _ct = ct;
    }

    /// <summary>Starts it.</summary>
    /// <param name="api">Its client.</param>
    /// <param name="address">Address of the pod of an instance of this name.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task<StandInKubelet> StartAsync(ApiClient api, Func<string, string> address, CancellationToken ct)
    {
        var kubelet = new StandInKubelet(api, address, ct);
        kubelet._work = Task.WhenAll(Enumerable.Range(0, Workers).Select(_ => kubelet.WorkAsync()));
        kubelet._watch = await ObjectWatch.StartAsync(api, $"/api/v1/pods?labelSelector={WireNames.InstanceLabel}", kubelet.See, ct);
        return kubelet;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_watch is not null)
        {
            await _watch.DisposeAsync();
        }

        _pods.Writer.Complete();
        await _work;
    }

    private void See(Sight sight)
    {
        var deleted = sight.Object["metadata"]!["deletionTimestamp"] is not null;
        if (sight.Type != "DELETED" && (deleted || sight.Object["status"]?["phase"]?.GetValue<string>() != "Running"))
        {
            _pods.Writer.TryWrite(sight.Object);
        }
    }

    private async Task WorkAsync()
    {
        await foreach (var pod in _pods.Reader.ReadAllAsync(CancellationToken.None))
        {
            var metadata = pod["metadata"]!;
            var path = $"/api/v1/namespaces/{metadata["namespace"]}/pods/{metadata["name"]}";
            try
            {
                if (metadata["deletionTimestamp"] is not null)
                {
                    await _api.DeleteAsync($"{path}?gracePeriodSeconds=0", _ct);
                }
                else
                {
                    await _api.PatchAsync($"{path}/status", ApiClient.Merge, Running(pod), _ct);
                }
            }
            catch (HttpRequestException error) when (error.StatusCode is HttpStatusCode.NotFound or HttpStatusCode.Conflict)
            {
                // The pod went away meanwhile, or is another one by now; the watch says so too.
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private string Running(JsonNode pod)
    {
        var address = _address(pod["metadata"]!["labels"]![WireNames.InstanceLabel]!.GetValue<string>());
        var container = pod["spec"]!["containers"]![0]!;
        var now = TimeProvider.System.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss'Z'");
        static JsonObject True(string type, string since) => new() { ["type"] = type, ["status"] = "True", ["lastTransitionTime"] = since };
        return new JsonObject
        {
            // Else the status of a pod could go to its successor of the same name.
            ["metadata"] = new JsonObject { ["uid"] = pod["metadata"]!["uid"]!.GetValue<string>() },
            ["status"] = new JsonObject
            {
                ["phase"] = "Running",
                ["startTime"] = now,
                ["podIP"] = address,
                ["podIPs"] = new JsonArray(new JsonObject { ["ip"] = address }),
                ["conditions"] = new JsonArray(True("Initialized", now), True("Ready", now), True("ContainersReady", now), True("PodScheduled", now)),
                ["containerStatuses"] = new JsonArray(new JsonObject
                {
                    ["name"] = container["name"]!.GetValue<string>(),
                    ["image"] = container["image"]!.GetValue<string>(),
                    ["imageID"] = $"{container["image"]!.GetValue<string>().Split(':')[0]}@sha256:{new string('0', 64)}",
                    ["containerID"] = $"bench://{pod["metadata"]!["uid"]}",
                    ["ready"] = true,
                    ["started"] = true,
                    ["restartCount"] = 0,
                    ["state"] = new JsonObject { ["running"] = new JsonObject { ["startedAt"] = now } },
                }),
            },
        }.ToJsonString();
    }
}
