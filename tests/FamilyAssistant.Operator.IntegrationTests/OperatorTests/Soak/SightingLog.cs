using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.OperatorTests.Soak;

/// <summary>
/// Watches pods, Secrets and Leases, and keeps every state that has to do with bots. When a watch ends, by an outage for example, all begin again with a
/// complete picture.
/// </summary>
internal sealed class SightingLog : IAsyncDisposable
{
    private static readonly ResourceType[] Types = [ResourceTypes.Pod, ResourceTypes.Secret, ResourceTypes.Lease];
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);
    private readonly CancellationTokenSource _stop = new();
    private readonly Lock _lock = new();
    private readonly List<Sighting> _all = [];
    private readonly Kubernetes _client;
    private readonly Task _running;

    private SightingLog(string kubeconfig)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        configuration.HttpClientTimeout = Timeout.InfiniteTimeSpan;
        _client = new Kubernetes(configuration);
        _client.HttpClient.BaseAddress = new Uri(configuration.Host);
        _running = Task.Run(RunAsync);
    }

    /// <summary>All so far.</summary>
    public IReadOnlyList<Sighting> All
    {
        get
        {
            lock (_lock)
            {
                return [.. _all];
            }
        }
    }

    /// <summary>Starts; returns once everything that is there was seen.</summary>
    public static async Task<SightingLog> StartAsync(string kubeconfig)
    {
        var log = new SightingLog(kubeconfig);
        await Infrastructure.Wait.ForAsync(() => Task.FromResult(log.All.OfType<Sighting.Complete>().Any()), "the first picture of pods, Secrets and Leases");
        return log;
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        _client.Dispose();
        _stop.Dispose();
    }

    private async Task RunAsync()
    {
        for (var epoch = 0; !_stop.IsCancellationRequested; epoch++)
        {
            try
            {
                await WatchAllAsync(epoch);
                await Task.Delay(Pause, TimeProvider.System, _stop.Token);
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }

    private async Task WatchAllAsync(int epoch)
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        try
        {
            List<(ResourceType Type, string Version)> lists = [];
            foreach (var type in Types)
            {
                lists.Add((type, await ListAsync(epoch, type, end.Token)));
            }

            Add(new Sighting.Complete(epoch, lists.Max(list => long.Parse(list.Version, System.Globalization.CultureInfo.InvariantCulture))));
            var watches = lists.Select(list => WatchAsync(epoch, list.Type, list.Version, end.Token)).ToList();
            await Task.WhenAny(watches);
            await end.CancelAsync();
            await Task.WhenAll(watches);
        }
        catch (Exception outage) when (outage is HttpRequestException or IOException || (outage is OperationCanceledException && !_stop.IsCancellationRequested))
        {
            // The API server is away; the next epoch begins when it is back.
        }
    }

    private async Task<string> ListAsync(int epoch, ResourceType type, CancellationToken cancellation)
    {
        var list = JsonNode.Parse(await _client.HttpClient.GetStringAsync(type.Path(""), cancellation))!;
        foreach (var item in list["items"]!.AsArray())
        {
            Add(Sighting.Of(epoch, type.Plural, item!.AsObject(), isGone: false));
        }

        return (string)list["metadata"]!["resourceVersion"]!;
    }

    private async Task WatchAsync(int epoch, ResourceType type, string version, CancellationToken cancellation)
    {
        await using var stream = await _client.HttpClient.GetStreamAsync($"{type.Path("")}?watch=1&resourceVersion={version}", cancellation);
        using var reader = new StreamReader(stream);
        while (await reader.ReadLineAsync(cancellation) is { } line)
        {
            var change = JsonNode.Parse(line)!;
            if ((string)change["type"]! == "ERROR")
            {
                return;
            }

            Add(Sighting.Of(epoch, type.Plural, change["object"]!.AsObject(), (string)change["type"]! == "DELETED"));
        }
    }

    private void Add(Sighting? sighting)
    {
        if (sighting is not null)
        {
            lock (_lock)
            {
                _all.Add(sighting);
            }
        }
    }
}
