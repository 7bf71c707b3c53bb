using System.Collections.Concurrent;
using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Benchmarks.World;

namespace FamilyAssistant.Operator.Benchmarks.Load;

/// <summary>Follows the instances themselves: which are Ready for the generation that they have.</summary>
internal sealed class InstanceBoard : IAsyncDisposable
{
    private readonly ConcurrentDictionary<string, bool> _ready = new();
    private ObjectWatch? _watch;

    private InstanceBoard()
    {
    }

    /// <summary>How many are Ready.</summary>
    public int ReadyCount => _ready.Values.Count(ready => ready);

    /// <summary>Instances that are not, for a message.</summary>
    public string Laggards => string.Join(", ", _ready.Where(entry => !entry.Value).Select(entry => entry.Key).Take(5));

    /// <summary>Begins to follow.</summary>
    public static async Task<InstanceBoard> StartAsync(ApiClient api, CancellationToken ct)
    {
        var board = new InstanceBoard();
        board._watch = await ObjectWatch.StartAsync(api, $"{Groups.Instances}/familyassistantinstances", sight => board._ready[sight.Key] = IsReady(sight.Object), ct);
        return board;
    }

    /// <summary>The time at which this many are Ready. To be asked for before they are.</summary>
    // The handler has noted an event before matches are asked for.
    public Task<long> AllReadyAsync(int count) =>
        _watch!.ExpectAsync(_ => ReadyCount >= count, () => $"{count} instances to be Ready; {ReadyCount} are. Not: {Laggards}", TimeSpan.FromMinutes(30));

    /// <summary>The time at which this one is Ready with an image. To be asked for before the image is changed.</summary>
    public Task<long> ReadyWithAsync(string key, string image) =>
        _watch!.ExpectAsync(sight => sight.Key == key && sight.Object["spec"]!["image"]!.GetValue<string>() == image && IsReady(sight.Object), () => $"{key} to be Ready with {image}");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _watch?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static bool IsReady(JsonNode instance)
    {
        var status = instance["status"];
        return status?["observedGeneration"]?.GetValue<long>() == instance["metadata"]!["generation"]!.GetValue<long>()
            && status["conditions"] is JsonArray conditions
            && conditions.Any(condition => condition!["type"]!.GetValue<string>() == "Ready" && condition["status"]!.GetValue<string>() == "True");
    }
}
