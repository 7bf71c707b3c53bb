using System.Net;
using System.Text.Json;
using k8s;
using k8s.Models;

namespace FamilyAssistant.Operator.LocalCluster.Node.Watching;

/// <summary>The server no longer has the version to watch from: list again.</summary>
internal sealed class WatchExpiredException(string message) : Exception(message);

/// <summary>
/// The two requests of an <see cref="ObjectWatch{T}"/>, on the client's raw HTTP: the library's own watch swallows 410 and events that it cannot decode.
/// </summary>
internal sealed class WatchRequests<T>
    where T : IKubernetesObject<V1ObjectMeta>
{
    private const int WatchSeconds = 240;
    private readonly Kubernetes _client;
    private readonly string _list;

    public WatchRequests(IKubernetes client, string path, string? labelSelector, string? fieldSelector)
    {
        _client = client as Kubernetes ?? throw new ArgumentException($"a watch needs the client's own HTTP: a {nameof(Kubernetes)}, not a {client.GetType().Name}", nameof(client));
        var query = new[] { (Name: "labelSelector", Value: labelSelector), (Name: "fieldSelector", Value: fieldSelector) };
        _list = path + "?" + string.Concat(query.Where(part => part.Value is not null).Select(part => $"{part.Name}={Uri.EscapeDataString(part.Value!)}&"));
    }

    public async Task<(IReadOnlyList<T> Items, string Version)> ListAsync(CancellationToken cancellation)
    {
        using var response = await SendAsync(_list, cancellation);
        await using var body = await response.Content.ReadAsStreamAsync(cancellation);
        using var list = await JsonDocument.ParseAsync(body, cancellationToken: cancellation);
        var items = list.RootElement.GetProperty("items");
        return (
            // A list without anything is null in some versions.
            items.ValueKind == JsonValueKind.Array ? [.. items.EnumerateArray().Select(item => KubernetesJson.Deserialize<T>(item))] : [],
            list.RootElement.GetProperty("metadata").GetProperty("resourceVersion").GetString()!);
    }

    /// <summary>Watches until the server ends the watch; returns the version to go on from.</summary>
    public async Task<string> WatchAsync(string version, Action<T, bool> onChange, CancellationToken cancellation)
    {
        // A connection that died without a word would be waited for in vain.
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        bounded.CancelAfter(TimeSpan.FromSeconds(WatchSeconds + 30));
        using var response = await SendAsync($"{_list}watch=true&resourceVersion={version}&allowWatchBookmarks=true&timeoutSeconds={WatchSeconds}", bounded.Token);
        using var lines = new StreamReader(await response.Content.ReadAsStreamAsync(bounded.Token));
        while (await lines.ReadLineAsync(bounded.Token) is { } line)
        {
            using var change = JsonDocument.Parse(line);
            var kind = change.RootElement.GetProperty("type").GetString();
            var content = change.RootElement.GetProperty("object");
            if (kind == "ERROR")
            {
                throw content.GetProperty("code").GetInt32() == (int)HttpStatusCode.Gone ? new WatchExpiredException(content.GetRawText()) : new HttpRequestException(content.GetRawText());
            }

            version = content.GetProperty("metadata").GetProperty("resourceVersion").GetString()!;
            if (kind != "BOOKMARK")
            {
                onChange(KubernetesJson.Deserialize<T>(content), kind == "DELETED");
            }
        }

        return version;
    }

    private async Task<HttpResponseMessage> SendAsync(string pathAndQuery, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(_client.BaseUri, pathAndQuery)) { Version = HttpVersion.Version20 };
        if (_client.Credentials is not null)
        {
            await _client.Credentials.ProcessHttpRequestAsync(request, cancellation);
        }

        var response = await _client.HttpClient.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }

        using (response)
        {
            var text = $"{(int)response.StatusCode}: {await response.Content.ReadAsStringAsync(cancellation)}";
            throw response.StatusCode == HttpStatusCode.Gone ? new WatchExpiredException(text) : new HttpRequestException(text, null, response.StatusCode);
        }
    }
}
