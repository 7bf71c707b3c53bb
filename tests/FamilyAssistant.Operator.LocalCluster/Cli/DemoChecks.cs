using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using k8s;
using Npgsql;

namespace FamilyAssistant.Operator.LocalCluster.Cli;

/// <summary>Whether what the demo shows is so.</summary>
internal sealed class DemoChecks(Cluster cluster, Action<string> progress)
{
    private static readonly TimeSpan RequestLimit = TimeSpan.FromSeconds(10);

    public async Task RunAsync(CancellationToken cancellation)
    {
        using var client = cluster.CreateClient();
        await CheckHealthAsync(client, cancellation);
        await CheckDatabaseAsync(client, cancellation);
        await ShowAsync("get", "fai", "-A");
        await ShowAsync("get", "statefulsets,pods,persistentvolumeclaims", "-n", Demo.Name);
        await ShowAsync("describe", "fai", "-n", Demo.Name, Demo.Name);
    }

    /// <summary>The application itself, at its pod's address; the code alone would be 200 while it still initializes.</summary>
    private async Task CheckHealthAsync(IKubernetes client, CancellationToken cancellation)
    {
        var pod = await client.CoreV1.ReadNamespacedPodAsync(Demo.Pod, Demo.Name, cancellationToken: cancellation);
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
    private async Task CheckDatabaseAsync(IKubernetes client, CancellationToken cancellation)
    {
        var secret = await client.CoreV1.ReadNamespacedSecretAsync($"{Demo.Name}-database", Demo.Name, cancellationToken: cancellation);
        var url = new Uri(Encoding.UTF8.GetString(secret.Data["DATABASE_URL"]));
        var service = await client.CoreV1.ReadNamespacedServiceAsync($"{Demo.Name}-postgres", Demo.Name, cancellationToken: cancellation);
        var server = await client.CoreV1.ReadNamespacedPodAsync($"{Demo.Name}-postgres-0", Demo.Name, cancellationToken: cancellation);
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

    private async Task ShowAsync(params string[] arguments)
    {
        var result = await cluster.KubectlAsync(arguments);
        Console.WriteLine($"\n$ kubectl {string.Join(' ', arguments)}\n{result.OutputOrThrow("kubectl " + arguments[0])}");
    }
}
