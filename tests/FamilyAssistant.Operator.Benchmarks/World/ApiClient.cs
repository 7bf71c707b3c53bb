using System.Net;
using System.Net.Http.Headers;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.LocalCluster;
using k8s;

namespace FamilyAssistant.Operator.Benchmarks.World;

/// <summary>
/// Requests of the benchmark itself, each part under a user of its own, so that the audit log tells them from the operator's. Raw JSON, because what measures
/// shares the machine with what is measured.
/// </summary>
internal sealed class ApiClient : IAsyncDisposable
{
    /// <summary>Content type of a server-side apply; JSON is YAML.</summary>
    public const string Apply = "application/apply-patch+yaml";

    /// <summary>Content type of a merge patch.</summary>
    public const string Merge = "application/merge-patch+json";

    private const string Json = "application/json";
    private readonly Kubernetes _client;

    private ApiClient(Kubernetes client) => _client = client;

    /// <summary>A client with the rights of an administrator and a name of its own.</summary>
    public static async Task<ApiClient> ConnectAsync(Cluster cluster, string user) =>
        new((Kubernetes)cluster.CreateClient(await cluster.CreateUserKubeconfigAsync(user, "system:masters")));

    /// <summary>Reads an object or a list.</summary>
    public Task<JsonNode> GetAsync(string path, CancellationToken ct) => SendAsync(HttpMethod.Get, path, null, "", ct);

    /// <summary>Creates an object.</summary>
    public Task<JsonNode> CreateAsync(string path, string body, CancellationToken ct) => SendAsync(HttpMethod.Post, path, Json, body, ct);

    /// <summary>Patches an object, or applies it.</summary>
    public Task<JsonNode> PatchAsync(string path, string contentType, string body, CancellationToken ct) => SendAsync(HttpMethod.Patch, path, contentType, body, ct);

    /// <summary>Deletes an object; false when there is none.</summary>
    public async Task<bool> DeleteAsync(string path, CancellationToken ct)
    {
        try
        {
            await SendAsync(HttpMethod.Delete, path, Json, """{"kind":"DeleteOptions","apiVersion":"v1","propagationPolicy":"Background"}""", ct);
            return true;
        }
        catch (HttpRequestException error) when (error.StatusCode == HttpStatusCode.NotFound)
        {
            return false;
        }
    }

    /// <summary>Everything that happens to the objects of a list after a resource version, as lines with the time at which each came. Ends only by cancellation.</summary>
    public async IAsyncEnumerable<(long At, string Line)> WatchAsync(string path, string resourceVersion, [EnumeratorCancellation] CancellationToken ct)
    {
        // Longer than any run: a measurement with a gap in it would be none.
        var query = $"{(path.Contains('?', StringComparison.Ordinal) ? '&' : '?')}watch=1&timeoutSeconds=36000&resourceVersion={resourceVersion}";
        using var request = Message(HttpMethod.Get, path + query);
        using var response = await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(ct));
        while (await reader.ReadLineAsync(ct) is { } line)
        {
            yield return (TimeProvider.System.GetTimestamp(), line);
        }

        throw new InvalidOperationException($"the watch of {path} ended");
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        _client.Dispose();
        return ValueTask.CompletedTask;
    }

    private async Task<JsonNode> SendAsync(HttpMethod method, string path, string? contentType, string body, CancellationToken ct)
    {
        using var request = Message(method, path);
        if (contentType is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.ContentType = new MediaTypeHeaderValue(contentType);
        }

        using var response = await _client.HttpClient.SendAsync(request, ct);
        var answer = await response.Content.ReadAsStringAsync(ct);
        return response.IsSuccessStatusCode
            ? JsonNode.Parse(answer)!
            : throw new HttpRequestException($"{method} {path}: {(int)response.StatusCode} {answer}", null, response.StatusCode);
    }

    private HttpRequestMessage Message(HttpMethod method, string path) => new(method, new Uri(_client.BaseUri, path))
    {
        Version = HttpVersion.Version20,
        VersionPolicy = HttpVersionPolicy.RequestVersionOrLower,
    };
}
