using System.Net.Http.Json;
using System.Text.Json;
using k8s;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>Whether the application that came back works.</summary>
internal sealed class DrillChecks(Cluster cluster, Action<string> progress)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    /// <summary>It is healthy, and it alone polls its bot with the token from the set.</summary>
    public async Task CheckAsync(CancellationToken cancellation)
    {
        using var client = cluster.CreateClient();
        var pod = await client.CoreV1.ReadNamespacedPodAsync($"{Drill.Instance}-0", Drill.Namespace, cancellationToken: cancellation);
        var address = new Uri($"http://{pod.Status.PodIP}:8000/health");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = RequestLimit };
        var health = await http.GetFromJsonAsync<JsonElement>(address, cancellation);
        progress($"GET {address}: {health.GetRawText()}");
        if (health.GetProperty("status").GetString() != "ok")
        {
            throw new InvalidOperationException("the application that came back is not healthy");
        }

        var pollers = cluster.Telegram.Pollers(Drill.Bot);
        if (cluster.Telegram.ActivePoller(Drill.Bot)?.Pod != pod.Metadata.Name || pollers.Count != 1 || cluster.Telegram.ConflictCount(Drill.Bot) > 0)
        {
            throw new InvalidOperationException($"bot {Drill.Bot} should be polled by {pod.Metadata.Name} alone, and was by {string.Join(", ", pollers)}");
        }

        progress($"bot {Drill.Bot} is polled by {pod.Metadata.Name}, and by nobody else");
    }
}
