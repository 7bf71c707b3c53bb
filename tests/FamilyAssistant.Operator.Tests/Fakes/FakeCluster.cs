using System.Globalization;
using System.Net;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Concerns.Telegram;
using FamilyAssistant.Operator.Controllers;
using FamilyAssistant.Operator.Reconciliation;
using FamilyAssistant.Operator.Runtime.Caching;
using FamilyAssistant.Operator.Runtime.Cluster;

namespace FamilyAssistant.Operator.Tests.Fakes;

/// <summary>
/// A small API server in memory: objects, versions, UIDs, generations, finalizers, preconditions. Every request is written down. What <see cref="ICaches"/> shows
/// is the same unless an object is hidden from it, which is how a late cache looks.
/// </summary>
internal sealed class FakeCluster : IClusterApi, ICaches
{
    private static readonly string[] Reads = ["get", "list", "search", "log", "before"];

    private readonly Dictionary<(string Kind, ObjectKey Key), JsonObject> _objects = [];
    private readonly Dictionary<string, ResourceType> _types = [];
    private readonly Dictionary<string, ClusterObject?> _before = [];
    private int _counter;

    /// <summary>Requests in their order, for example <c>create Secret home/fa-generated</c>.</summary>
    public List<string> Requests { get; } = [];

    /// <summary>Requests that would have changed something.</summary>
    public IEnumerable<string> Writes => Requests.Where(request => !Reads.Contains(request.Split(' ')[0]));

    /// <summary>Objects that the caches do not know (yet).</summary>
    public HashSet<ObjectKey> HiddenFromCache { get; } = [];

    /// <summary>Objects that the caches still show as they were then.</summary>
    public Dictionary<ObjectKey, ClusterObject> StaleInCache { get; } = [];

    /// <summary>Objects of which others own fields too, and an apply says so.</summary>
    public HashSet<ObjectKey> OthersWrote { get; } = [];

    /// <summary>Answers a request with this exception.</summary>
    public Func<string, Exception?> Fail { get; set; } = _ => null;

    /// <summary>Indexes of informers, by kind and name.</summary>
    public Dictionary<(ResourceType Type, string Name), Func<ClusterObject, IEnumerable<string>>> Indexes { get; } = new()
    {
        [(Kinds.Operation, ProcedureSources.Instance)] = ProcedureSources.InstanceOf,
        [(Kinds.Backup, ProcedureSources.Instance)] = ProcedureSources.InstanceOf,
        [(Kinds.Restore, ProcedureSources.Instance)] = ProcedureSources.InstanceOf,
        [(ResourceTypes.Lease, BotClaim.ByHolder)] = BotClaim.IndexValues,
    };

    public IObjectCache this[ResourceType type] => new FakeCache(this, type);

    /// <summary>Puts an object there, as kubectl would; UID, version and generation are added.</summary>
    public ClusterObject Put(ResourceType type, JsonObject source)
    {
        var copy = source.DeepClone().AsObject();
        var metadata = copy["metadata"]!.AsObject();
        metadata["uid"] ??= $"uid-{Next()}";
        metadata["generation"] ??= 1L;
        metadata["resourceVersion"] = Next();
        copy["apiVersion"] = type.ApiVersion;
        copy["kind"] = type.Kind;
        var found = FakeObjects.ToClusterObject(type, copy);
        _before[found.ResourceVersion] = Look(type, found.Key);
        _types[type.Kind] = type;
        _objects[(type.Kind, found.Key)] = copy;
        return found;
    }

    public ClusterObject Put(ResourceType type, string json) => Put(type, JsonNode.Parse(json)!.AsObject());

    /// <summary>The object, or null.</summary>
    public ClusterObject? Look(ResourceType type, ObjectKey key) => _objects.TryGetValue((type.Kind, key), out var found) ? FakeObjects.ToClusterObject(type, found) : null;

    /// <summary>The object as JSON, to read from.</summary>
    public JsonObject? LookJson(ResourceType type, ObjectKey key) => _objects.GetValueOrDefault((type.Kind, key))?.DeepClone().AsObject();

    /// <summary>All objects of a kind in a namespace, or in all when it is empty.</summary>
    public IReadOnlyList<ClusterObject> All(ResourceType type, string @namespace) =>
        [.. _objects.Where(entry => entry.Key.Kind == type.Kind && (@namespace.Length == 0 || entry.Key.Key.Namespace == @namespace)).Select(entry => FakeObjects.ToClusterObject(type, entry.Value))];

    /// <summary>Changes an object as somebody else would; a changed spec is a new generation.</summary>
    public ClusterObject Edit(ResourceType type, ObjectKey key, string mergePatch) => Change(type, key, JsonNode.Parse(mergePatch)!.AsObject());

    /// <summary>Takes an object away without a trace.</summary>
    public void Drop(ResourceType type, ObjectKey key) => _objects.Remove((type.Kind, key));

    public Task<ClusterObject?> GetAsync(ResourceType type, ObjectKey key, CancellationToken ct)
    {
        Note($"get {type.Kind} {key}");
        return Task.FromResult(Look(type, key));
    }

    public Task<ClusterObject?> GetBeforeAsync(ClusterObject written, CancellationToken ct)
    {
        Note($"before {written.Type.Kind} {written.Key}");
        return Task.FromResult(_before[written.ResourceVersion]);
    }

    public Task<IReadOnlyList<ClusterObject>> ListAsync(ResourceType type, string @namespace, string? labelSelector, CancellationToken ct)
    {
        Note($"list {type.Kind} {@namespace} {labelSelector}".TrimEnd());
        var terms = (labelSelector ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries).Select(term => term.Split('='));
        return Task.FromResult<IReadOnlyList<ClusterObject>>(
            [.. All(type, @namespace).Where(found => terms.All(term => found.Labels.GetValueOrDefault(term[0]) == term[1]))]);
    }

    public Task<IReadOnlyList<ClusterObject>> SearchAsync(ResourceType type, string @namespace, Func<ClusterObject, bool> keep, CancellationToken ct)
    {
        Note($"search {type.Kind} {@namespace}".TrimEnd());
        return Task.FromResult<IReadOnlyList<ClusterObject>>([.. All(type, @namespace).Where(keep)]);
    }

    public Task<ApplyResult> ApplyAsync(Manifest manifest, bool force, CancellationToken ct)
    {
        Note($"apply {manifest.Type.Kind} {manifest.Key}");
        var desired = JsonNode.Parse(manifest.Json.Span)!.AsObject();
        return Task.FromResult(Look(manifest.Type, manifest.Key) is null
            ? new ApplyResult(Put(manifest.Type, desired), Created: true)
            : new ApplyResult(Change(manifest.Type, manifest.Key, desired), Created: false) { OthersWrote = OthersWrote.Contains(manifest.Key) });
    }

    public Task<ClusterObject> PatchStatusAsync(Manifest manifest, CancellationToken ct)
    {
        Note($"patch status {manifest.Type.Kind} {manifest.Key}");
        var patch = JsonNode.Parse(manifest.Json.Span)!.AsObject();
        var metadata = patch["metadata"]!.AsObject();
        if (Look(manifest.Type, manifest.Key) is not { } now)
        {
            throw Error(HttpStatusCode.NotFound, "gone");
        }

        if (((string?)metadata["uid"] ?? now.Uid) != now.Uid || ((string?)metadata["resourceVersion"] ?? now.ResourceVersion) != now.ResourceVersion)
        {
            throw Error(HttpStatusCode.Conflict, "the object has been modified");
        }

        return Task.FromResult(Change(manifest.Type, manifest.Key, patch));
    }

    public Task<ClusterObject?> CreateAsync(Manifest manifest, CancellationToken ct)
    {
        Note($"create {manifest.Type.Kind} {manifest.Key}");
        return Task.FromResult(Look(manifest.Type, manifest.Key) is null ? Put(manifest.Type, JsonNode.Parse(manifest.Json.Span)!.AsObject()) : null);
    }

    public Task<ClusterObject?> MergePatchAsync(ClusterObject seen, ReadOnlyMemory<byte> patch, CancellationToken ct)
    {
        Note($"patch {seen.Type.Kind} {seen.Key} {System.Text.Encoding.UTF8.GetString(patch.Span)}");
        return Task.FromResult(Look(seen.Type, seen.Key) is { } now && now.Uid == seen.Uid && now.ResourceVersion == seen.ResourceVersion
            ? Change(seen.Type, seen.Key, JsonNode.Parse(patch.Span)!.AsObject())
            : null);
    }

    public Task<bool> DeleteAsync(ClusterObject seen, CancellationToken ct) => Delete(seen, unchanged: false);

    public Task<bool> DeleteUnchangedAsync(ClusterObject seen, CancellationToken ct) => Delete(seen, unchanged: true);

    private Task<bool> Delete(ClusterObject seen, bool unchanged)
    {
        Note($"delete {seen.Type.Kind} {seen.Key}");
        if (Look(seen.Type, seen.Key) is not { } now || now.Uid != seen.Uid || (unchanged && now.ResourceVersion != seen.ResourceVersion))
        {
            return Task.FromResult(false);
        }

        if (_objects[(seen.Type.Kind, seen.Key)]["metadata"]!["finalizers"] is JsonArray { Count: > 0 })
        {
            Change(seen.Type, seen.Key, JsonNode.Parse("""{"metadata": {"deletionTimestamp": "2026-11-23T12:00:00Z"}}""")!.AsObject());
        }
        else
        {
            Drop(seen.Type, seen.Key);
        }

        return Task.FromResult(true);
    }

    /// <summary>What a pod's container has written.</summary>
    public Dictionary<ObjectKey, string> Logs { get; } = [];

    public Task<string> ReadLogAsync(ObjectKey pod, string container, LogRange range, CancellationToken ct)
    {
        Note($"log {pod} {container}");
        return Task.FromResult(Logs.GetValueOrDefault(pod, ""));
    }

    private ClusterObject Change(ResourceType type, ObjectKey key, JsonObject patch)
    {
        var before = Look(type, key);
        var target = _objects[(type.Kind, key)];
        var spec = target["spec"]?.DeepClone();
        FakeObjects.Merge(target, patch);
        var metadata = target["metadata"]!.AsObject();
        var version = Next();
        metadata["resourceVersion"] = version;
        _before[version] = before;
        if (!JsonNode.DeepEquals(spec, target["spec"]))
        {
            metadata["generation"] = metadata["generation"]!.GetValue<long>() + 1;
        }

        var changed = FakeObjects.ToClusterObject(type, target);
        if (changed.IsTerminating && metadata["finalizers"] is not JsonArray { Count: > 0 })
        {
            Drop(type, key);
        }

        return changed;
    }

    private void Note(string request)
    {
        Requests.Add(request);
        if (Fail(request) is { } error)
        {
            throw error;
        }
    }

    private string Next() => (++_counter).ToString(CultureInfo.InvariantCulture);

    /// <summary>An answer of the API server that is an error.</summary>
    public static ClusterApiException Error(HttpStatusCode status, string message) => new(
        status switch
        {
            HttpStatusCode.Conflict => ErrorClass.Conflict,
            HttpStatusCode.BadRequest or HttpStatusCode.UnprocessableEntity => ErrorClass.Invalid,
            HttpStatusCode.Forbidden or HttpStatusCode.NotFound => ErrorClass.Terminal,
            _ => ErrorClass.Transient,
        },
        status,
        status.ToString(),
        message);
}
