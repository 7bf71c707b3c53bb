using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Benchmarks.Load;
using FamilyAssistant.Operator.Benchmarks.World;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>
/// A plain server-side apply of the StatefulSet that the operator applies, from a client that does nothing else: what the API server and the machine cost by
/// themselves. The copy has no replicas and belongs to no instance.
/// </summary>
internal sealed class RawApply
{
    private const string Namespace = "bench-raw";
    private const string Name = "raw";
    private const string Path = $"{Groups.Apps}/namespaces/{Namespace}/statefulsets/{Name}";
    private readonly ApiClient _api;
    private readonly ObjectWatch _sets;
    private readonly JsonObject _manifest;

    private RawApply(ApiClient api, ObjectWatch sets, JsonObject manifest)
    {
        _api = api;
        _sets = sets;
        _manifest = manifest;
    }

    /// <summary>The time from each request to its answer.</summary>
    public Sample Latencies { get; } = new();

    /// <summary>Prepares a copy of an instance's StatefulSet.</summary>
    public static async Task<RawApply> PrepareAsync(ApiClient api, ObjectWatch sets, string original, CancellationToken ct)
    {
        var manifest = OwnedFields.Of(await api.GetAsync(original, ct), WireNames.FieldManager);
        manifest["apiVersion"] = "apps/v1";
        manifest["kind"] = "StatefulSet";
        manifest["metadata"]!["name"] = Name;
        manifest["metadata"]!["namespace"] = Namespace;
        // Of an object that does not exist.
        manifest["metadata"]!.AsObject().Remove("ownerReferences");
        manifest["spec"]!["replicas"] = 0;
        Disguise(manifest["metadata"]!["labels"]);
        Disguise(manifest["spec"]!["selector"]!["matchLabels"]);
        Disguise(manifest["spec"]!["template"]!["metadata"]!["labels"]);
        await api.CreateAsync("/api/v1/namespaces", $$$"""{"apiVersion":"v1","kind":"Namespace","metadata":{"name":"{{{Namespace}}}"}}""", ct);
        var raw = new RawApply(api, sets, manifest);
        await raw.ApplyAsync(InstanceManifest.Image(0), ct);
        return raw;
    }

    /// <summary>Applies it with another image, and waits until the controllers have dealt with that.</summary>
    public async Task MeasureAsync(string image, CancellationToken ct)
    {
        var (began, ended) = await ApplyAsync(image, ct);
        Latencies.Add(began, ended);
    }

    private async Task<(long Began, long Ended)> ApplyAsync(string image, CancellationToken ct)
    {
        _manifest["spec"]!["template"]!["spec"]!["containers"]![0]!["image"] = image;
        var body = _manifest.ToJsonString();
        var settled = _sets.ExpectAsync(sight => sight.Key == $"{Namespace}/{Name}" && IsObserved(sight.Object, image), () => "the copy of a StatefulSet to be observed");
        var began = TimeProvider.System.GetTimestamp();
        await _api.PatchAsync($"{Path}?fieldManager=bench&force=true", ApiClient.Apply, body, ct);
        var ended = TimeProvider.System.GetTimestamp();
        await settled;
        return (began, ended);
    }

    private static bool IsObserved(JsonNode set, string image) =>
        set["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>() == image
        && set["status"]?["observedGeneration"]?.GetValue<long>() == set["metadata"]!["generation"]!.GetValue<long>();

    /// <summary>Other values, so that neither the operator nor another StatefulSet takes it or its pods for their own.</summary>
    private static void Disguise(JsonNode? labels)
    {
        foreach (var (key, _) in labels?.AsObject().ToList() ?? [])
        {
            labels![key] = "bench-raw";
        }
    }
}
