using System.Globalization;
using System.Net;
using System.Text.Json;
using Polly;
using Polly.Timeout;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>The API server over raw HTTP. No exception of it carries a request body, so a Secret cannot reach a log through an error.</summary>
internal sealed class ClusterApi(ApiTransport transport, ClusterApiOptions options, TimeProvider time) : IClusterApi
{
    private const string ApplyType = "application/apply-patch+yaml";
    private const string MergeType = "application/merge-patch+json";
    private const int ListPageSize = 500;
    private const int SearchPageSize = 100;
    private readonly RequestPipelines _pipelines = new(options.Retry, time);

    public async Task<ClusterObject?> GetAsync(ResourceType type, ObjectKey key, CancellationToken ct)
    {
        var request = Request(HttpMethod.Get, type.Path(key.Namespace, key.Name), "get", type, key);
        var answer = await SendAsync(_pipelines.Idempotent, request, ct);
        return IsAbsent(answer) ? null : ReadObject(request, answer, type) with { SpecManager = ManagedFields.SpecManager(answer.Body) };
    }

    public async Task<IReadOnlyList<ClusterObject>> ListAsync(ResourceType type, string @namespace, string? labelSelector, CancellationToken ct) =>
        await PagesAsync(type, @namespace, labelSelector, ListPageSize, static _ => true, ct);

    public async Task<IReadOnlyList<ClusterObject>> SearchAsync(ResourceType type, string @namespace, Func<ClusterObject, bool> keep, CancellationToken ct) =>
        await PagesAsync(type, @namespace, labelSelector: null, SearchPageSize, keep, ct);

    public async Task<ClusterObject?> GetBeforeAsync(ClusterObject written, CancellationToken ct)
    {
        // Versions are revisions of the whole store, so the one before is the last moment without this write.
        var version = long.Parse(written.ResourceVersion, NumberStyles.None, CultureInfo.InvariantCulture) - 1;
        var path = ApiPaths.Query(
            written.Type.Path(written.Key.Namespace),
            ("fieldSelector", $"metadata.name={written.Key.Name}"),
            ("resourceVersion", version.ToString(CultureInfo.InvariantCulture)),
            ("resourceVersionMatch", "Exact"));
        var request = Request(HttpMethod.Get, path, "list the earlier", written.Type, written.Key);
        var answer = await SendAsync(_pipelines.Idempotent, request, ct);
        ThrowUnlessSuccess(request, answer);
        var items = new List<ClusterObject>();
        ReadPage(request, answer, written.Type, found => found.Key == written.Key, items);
        return items.SingleOrDefault();
    }

    public async Task<ApplyResult> ApplyAsync(Manifest manifest, bool force, CancellationToken ct)
    {
        var path = ApiPaths.Query(
            manifest.Type.Path(manifest.Key.Namespace, manifest.Key.Name),
            ("fieldManager", options.FieldManager),
            ("force", force ? "true" : null));
        var request = Request(HttpMethod.Patch, path, "apply", manifest.Type, manifest.Key, manifest.Json, ApplyType);
        var answer = await SendAsync(_pipelines.Idempotent, request, ct);
        var written = ReadObject(request, answer, manifest.Type);
        var created = answer.Status == HttpStatusCode.Created;
        return new ApplyResult(written, created)
        {
            OthersWrote = !created && ManagedFields.OthersOwn(answer.Body, options.FieldManager, options.StatusFieldManager),
        };
    }

    public async Task<ClusterObject> PatchStatusAsync(Manifest manifest, CancellationToken ct)
    {
        var path = ApiPaths.Query(manifest.Type.Path(manifest.Key.Namespace, manifest.Key.Name, "status"), ("fieldManager", options.StatusFieldManager));
        var request = Request(HttpMethod.Patch, path, "patch status of", manifest.Type, manifest.Key, manifest.Json, MergeType);
        return ReadObject(request, await SendAsync(_pipelines.Idempotent, request, ct), manifest.Type);
    }

    public async Task<ClusterObject?> CreateAsync(Manifest manifest, CancellationToken ct)
    {
        var path = ApiPaths.Query(manifest.Type.Path(manifest.Key.Namespace), ("fieldManager", options.FieldManager));
        var request = Request(HttpMethod.Post, path, "create", manifest.Type, manifest.Key, manifest.Json, "application/json");
        var answer = await SendAsync(_pipelines.Create, request, ct);
        return answer.Status == HttpStatusCode.Conflict && StatusBody.Parse(answer.Body).Reason is "AlreadyExists"
            ? null
            : ReadObject(request, answer, manifest.Type);
    }

    public async Task<ClusterObject?> MergePatchAsync(ClusterObject seen, ReadOnlyMemory<byte> patch, CancellationToken ct)
    {
        var path = ApiPaths.Query(seen.Type.Path(seen.Key.Namespace, seen.Key.Name), ("fieldManager", options.FieldManager));
        var body = Preconditions.AddTo(patch, seen);
        var request = Request(HttpMethod.Patch, path, "patch", seen.Type, seen.Key, body, MergeType);
        var answer = await SendAsync(_pipelines.Idempotent, request, ct);
        return IsAbsent(answer) || Preconditions.Failed(answer) ? null : ReadObject(request, answer, seen.Type);
    }

    public Task<bool> DeleteAsync(ClusterObject seen, CancellationToken ct) => DeleteAsync(seen, Preconditions.DeleteOptions(seen), ct);

    public Task<bool> DeleteUnchangedAsync(ClusterObject seen, CancellationToken ct) => DeleteAsync(seen, Preconditions.DeleteOptions(seen, unchanged: true), ct);

    private async Task<bool> DeleteAsync(ClusterObject seen, ReadOnlyMemory<byte> options, CancellationToken ct)
    {
        var request = Request(HttpMethod.Delete, seen.Type.Path(seen.Key.Namespace, seen.Key.Name), "delete", seen.Type, seen.Key, options, "application/json");
        var answer = await SendAsync(_pipelines.Idempotent, request, ct);
        if (IsAbsent(answer) || answer.Status == HttpStatusCode.Conflict)
        {
            return false;
        }

        ThrowUnlessSuccess(request, answer);
        return true;
    }

    public async Task<string> ReadLogAsync(ObjectKey pod, string container, LogRange range, CancellationToken ct)
    {
        var path = ApiPaths.Query(
            ResourceTypes.Pod.Path(pod.Namespace, pod.Name, "log"),
            ("container", container),
            ("tailLines", range.TailLines.ToString(CultureInfo.InvariantCulture)),
            ("sinceSeconds", range.Since is { } since ? Math.Ceiling(since.TotalSeconds).ToString(CultureInfo.InvariantCulture) : null),
            ("limitBytes", LogTail.RequestBytes(range).ToString(CultureInfo.InvariantCulture)));
        var request = Request(HttpMethod.Get, path, "read log of", ResourceTypes.Pod, pod);
        var answer = await SendAsync(_pipelines.Once, request, ct);
        ThrowUnlessSuccess(request, answer);
        return LogTail.Last(answer.Body, range);
    }

    private async Task<List<ClusterObject>> PagesAsync(ResourceType type, string @namespace, string? labelSelector, int pageSize, Func<ClusterObject, bool> keep, CancellationToken ct)
    {
        var items = new List<ClusterObject>();
        var token = "";
        while (true)
        {
            var path = ApiPaths.Query(
                type.Path(@namespace),
                ("labelSelector", labelSelector),
                ("limit", pageSize.ToString(CultureInfo.InvariantCulture)),
                ("continue", token.Length > 0 ? token : null));
            var request = Request(HttpMethod.Get, path, "list", type, new ObjectKey(@namespace, "*"));
            var answer = await SendAsync(_pipelines.Idempotent, request, ct);
            if (answer.Status == HttpStatusCode.Gone && token.Length > 0)
            {
                // The snapshot of the pages expired between two of them: begin again rather than mix two moments.
                items.Clear();
                token = "";
                continue;
            }

            ThrowUnlessSuccess(request, answer);
            token = ReadPage(request, answer, type, keep, items);
            if (token.Length == 0)
            {
                return items;
            }
        }
    }

    private static ApiRequest Request(
        HttpMethod method, string path, string verb, ResourceType type, ObjectKey key, ReadOnlyMemory<byte> body = default, string? contentType = null) =>
        new(method, path, $"{verb} {type.Kind} {key}", body, contentType) { Confidential = type.Kind == ResourceTypes.Secret.Kind && type.Group.Length == 0 };

    private static bool IsAbsent(ApiAnswer answer) =>
        answer.Status == HttpStatusCode.NotFound && StatusBody.Parse(answer.Body) is { Reason: "NotFound" } status && !status.Message.StartsWith("the server could not find", StringComparison.Ordinal);

    private static void ThrowUnlessSuccess(ApiRequest request, ApiAnswer answer)
    {
        if (!answer.IsSuccess)
        {
            throw ErrorClassifier.ToException(request, answer);
        }
    }

    private static ClusterObject ReadObject(ApiRequest request, ApiAnswer answer, ResourceType type)
    {
        ThrowUnlessSuccess(request, answer);
        try
        {
            return ObjectReader.Read(answer.Body, type);
        }
        catch (JsonException)
        {
            // The parser's message may quote the text; say only that it was unreadable.
            throw new ClusterApiException(ErrorClass.Transient, answer.Status, "Undecodable", $"{request.What}: the answer could not be read.");
        }
    }

    private static string ReadPage(ApiRequest request, ApiAnswer answer, ResourceType type, Func<ClusterObject, bool> keep, List<ClusterObject> items)
    {
        try
        {
            return ListPage.Read(answer.Body, Take).Continue;
        }
        catch (JsonException)
        {
            throw new ClusterApiException(ErrorClass.Transient, answer.Status, "Undecodable", $"{request.What}: the answer could not be read.");
        }

        void Take(ReadOnlySpan<byte> json)
        {
            if (ObjectReader.Read(json, type) is var item && keep(item))
            {
                items.Add(item);
            }
        }
    }

    private async Task<ApiAnswer> SendAsync(ResiliencePipeline<ApiAnswer> pipeline, ApiRequest request, CancellationToken ct)
    {
        try
        {
            return await pipeline.ExecuteAsync(static (s, token) => s.transport.SendAsync(s.request, token), (transport, request), ct);
        }
        catch (Exception e) when (e is HttpRequestException or TimeoutRejectedException)
        {
            throw ErrorClassifier.ToException(request, e);
        }
    }
}
