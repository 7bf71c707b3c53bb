using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using k8s;
using Npgsql;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>Whether what the demo shows is so.</summary>
internal sealed class DemoChecks(Cluster cluster, DemoInstance running, DemoInstance waiting, Action<string> progress)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    /// <summary>One serves and polls; the other one has no pod and names the first.</summary>
    public async Task BeforeHandOverAsync(CancellationToken cancellation)
    {
        using var client = cluster.CreateClient();
        await CheckHealthAsync(client, running, cancellation);
        await CheckDatabaseAsync(client, running, cancellation);
        await CheckPollerAsync(running, pollers: 1, cancellation);
        if (waiting.ClaimMessage?.Contains($"instance {running.Name}", StringComparison.Ordinal) != true)
        {
            throw new InvalidOperationException($"{waiting.Name} does not name {running.Name}: {waiting.ClaimMessage}");
        }

        var pods = await client.CoreV1.ListNamespacedPodAsync(Demo.Namespace, cancellationToken: cancellation);
        if (pods.Items.Any(pod => pod.Metadata.Name == PodOf(waiting)))
        {
            throw new InvalidOperationException($"{waiting.Name} waits for the bot and has a pod all the same");
        }
    }

    /// <summary>The other one polls, and both never did at once.</summary>
    public async Task AfterHandOverAsync(CancellationToken cancellation)
    {
        using var client = cluster.CreateClient();
        await CheckHealthAsync(client, waiting, cancellation);
        await CheckPollerAsync(waiting, pollers: 2, cancellation);
    }

    private static string PodOf(DemoInstance instance) => $"{instance.Name}-0";

    /// <summary>By Telegram's account.</summary>
    private async Task CheckPollerAsync(DemoInstance instance, int pollers, CancellationToken cancellation)
    {
        var poller = await Waiting.ForAsync(
            $"{instance.Name} to poll",
            () => Task.FromResult<(string?, string)>((cluster.Telegram.ActivePoller(Demo.Bot)?.Pod, $"bot {Demo.Bot} is polled by {cluster.Telegram.ActivePoller(Demo.Bot)?.Pod ?? "nobody"}")),
            RequestLimit,
            progress,
            cancellation);
        if (poller != PodOf(instance) || cluster.Telegram.Pollers(Demo.Bot).Count != pollers || cluster.Telegram.Overlaps.Count > 0 || cluster.Telegram.ConflictCount(Demo.Bot) > 0)
        {
            throw new InvalidOperationException($"bot {Demo.Bot} is polled by {poller}, and was by {string.Join(", ", cluster.Telegram.Pollers(Demo.Bot))}; at once: {string.Join(", ", cluster.Telegram.Overlaps)}");
        }

        progress($"pollers of bot {Demo.Bot} so far: {cluster.Telegram.Pollers(Demo.Bot).Count}, two at once: never");
    }

    /// <summary>The application itself, at its pod's address; the code alone would be 200 while it still initializes.</summary>
    private async Task CheckHealthAsync(IKubernetes client, DemoInstance instance, CancellationToken cancellation)
    {
        var pod = await client.CoreV1.ReadNamespacedPodAsync(PodOf(instance), Demo.Namespace, cancellationToken: cancellation);
        var address = new Uri($"http://{pod.Status.PodIP}:8000/health");
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = RequestLimit };
        var health = await http.GetFromJsonAsync<JsonElement>(address, cancellation);
        progress($"GET {address}: {health.GetRawText()}");
        if (health.GetProperty("status").GetString() is not ("healthy" or "ok"))
        {
            throw new InvalidOperationException("the application is not healthy although its instance is Ready");
        }
    }

    /// <summary>With the application's own credentials, over the Service: the server that answers must be the pod of the instance's StatefulSet.</summary>
    private async Task CheckDatabaseAsync(IKubernetes client, DemoInstance instance, CancellationToken cancellation)
    {
        var secret = await client.CoreV1.ReadNamespacedSecretAsync($"{instance.Name}-database", Demo.Namespace, cancellationToken: cancellation);
        var url = new Uri(Encoding.UTF8.GetString(secret.Data["DATABASE_URL"]));
        var service = await client.CoreV1.ReadNamespacedServiceAsync($"{instance.Name}-postgres", Demo.Namespace, cancellationToken: cancellation);
        var server = await client.CoreV1.ReadNamespacedPodAsync($"{instance.Name}-postgres-0", Demo.Namespace, cancellationToken: cancellation);
        if (url.Host.Split('.')[0] != service.Metadata.Name)
        {
            throw new InvalidOperationException($"the application's database is at {url.Host}, not at the Service {service.Metadata.Name}");
        }

        var user = url.UserInfo.Split(':').Select(Uri.UnescapeDataString).ToArray();
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = service.Spec.ClusterIP,
            Port = url.Port,
            Username = user[0],
            Password = user[1],
            Database = Uri.UnescapeDataString(url.AbsolutePath.Trim('/')),
            Timeout = (int)RequestLimit.TotalSeconds,
            Pooling = false,
        };
        await using var connection = new NpgsqlConnection(settings.ConnectionString);
        await connection.OpenAsync(cancellation);
        await using var query = new NpgsqlCommand("SELECT host(inet_server_addr()), version_num, (SELECT extversion FROM pg_extension WHERE extname = 'vector') FROM alembic_version", connection);
        await using var row = await query.ExecuteReaderAsync(cancellation);
        if (!await row.ReadAsync(cancellation) || row.GetString(0) != server.Status.PodIP)
        {
            throw new InvalidOperationException($"the database that answers is not the one in the pod {server.Metadata.Name} ({server.Status.PodIP})");
        }

        progress($"PostgreSQL {connection.PostgreSqlVersion} in pod {server.Metadata.Name} ({row.GetString(0)}): Alembic revision {row.GetString(1)}, vector {row.GetString(2)}");
    }
}
