using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Runtime.Cluster;
using Xunit;
using k8s;

namespace FamilyAssistant.Operator.IntegrationTests.Infrastructure;

/// <summary>Objects of any kind as plain JSON, with the rights of a person: tests compare, edit and delete what the operator writes.</summary>
public sealed class ObjectAccess : IDisposable
{
    /// <summary>Field manager of edits; not the operator's and not kubectl's.</summary>
    public const string Manager = "somebody-else";

    private readonly HttpClient _http;

    /// <summary>Access with the credentials of a kubeconfig.</summary>
    public ObjectAccess(string kubeconfig)
    {
        var configuration = KubernetesClientConfiguration.BuildConfigFromConfigFile(kubeconfig);
        // The client's own handler: it has the certificates. Its typed methods know no kind of ours.
        var client = new Kubernetes(configuration);
        _http = client.HttpClient;
        _http.BaseAddress = new Uri(configuration.Host);
    }

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    /// <summary>The object; null when there is none.</summary>
    public async Task<JsonObject?> FindAsync(ResourceType type, string ns, string name)
    {
        using var answer = await _http.GetAsync(type.Path(ns, name), Cancellation);
        return answer.StatusCode == System.Net.HttpStatusCode.NotFound ? null : await ReadAsync(answer);
    }

    /// <summary>The object; fails when there is none.</summary>
    public async Task<JsonObject> GetAsync(ResourceType type, string ns, string name) =>
        await FindAsync(type, ns, name) ?? throw new InvalidOperationException($"there is no {type.Kind} {ns}/{name}");

    /// <summary>All objects of a namespace that match.</summary>
    public async Task<IReadOnlyList<JsonObject>> ListAsync(ResourceType type, string ns, string? selector = null)
    {
        var query = selector is null ? "" : $"?labelSelector={Uri.EscapeDataString(selector)}";
        using var answer = await _http.GetAsync(type.Path(ns) + query, Cancellation);
        return [.. (await ReadAsync(answer))["items"]!.AsArray().Select(item => item!.AsObject())];
    }

    /// <summary>Creates an object; apiVersion and kind are filled in.</summary>
    public Task<JsonObject> CreateAsync(ResourceType type, string ns, JsonObject content, bool dryRun = false)
    {
        var whole = content.DeepClone().AsObject();
        whole["apiVersion"] = type.ApiVersion;
        whole["kind"] = type.Kind;
        return SendAsync(HttpMethod.Post, type.Path(ns) + (dryRun ? "?dryRun=All" : ""), whole.ToJsonString(), "application/json");
    }

    /// <summary>A merge patch, as <c>kubectl patch --type merge</c> sends it.</summary>
    public Task<JsonObject> PatchAsync(ResourceType type, string ns, string name, string merge, string? subresource = null, bool dryRun = false) =>
        SendAsync(HttpMethod.Patch, $"{type.Path(ns, name, subresource)}?fieldManager={Manager}{(dryRun ? "&dryRun=All" : "")}", merge, "application/merge-patch+json");

    /// <summary>Deletes an object; nothing when there is none. Dependents go in the background unless the propagation says otherwise.</summary>
    public async Task DeleteAsync(ResourceType type, string ns, string name, string propagation = "Background")
    {
        using var answer = await _http.DeleteAsync($"{type.Path(ns, name)}?propagationPolicy={propagation}", Cancellation);
        if (answer.StatusCode != System.Net.HttpStatusCode.NotFound)
        {
            await ReadAsync(answer);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _http.Dispose();

    private async Task<JsonObject> SendAsync(HttpMethod method, string path, string body, string type)
    {
        using var request = new HttpRequestMessage(method, path) { Content = new StringContent(body) };
        request.Content.Headers.ContentType = MediaTypeHeaderValue.Parse(type);
        using var answer = await _http.SendAsync(request, Cancellation);
        return await ReadAsync(answer);
    }

    private static async Task<JsonObject> ReadAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync(Cancellation);
        JsonObject? body = null;
        try
        {
            body = JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            // Not of the API itself; the text says what it is.
        }

        return answer.IsSuccessStatusCode && body is not null ? body : throw new RefusedException((int)answer.StatusCode, body, text);
    }
}

/// <summary>The API server refused a request.</summary>
public sealed class RefusedException(int code, JsonObject? status, string text) : Exception($"{code}: {status?["message"]?.GetValue<string>() ?? text}")
{
    /// <summary>HTTP status.</summary>
    public int Code { get; } = code;

    /// <summary>The fields that the server blames.</summary>
    public IReadOnlyList<string> Fields { get; } =
        [.. (status?["details"]?["causes"] as JsonArray ?? []).Select(cause => cause?["field"]?.GetValue<string>()).OfType<string>()];
}
