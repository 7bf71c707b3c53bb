using System.Text.Json.Nodes;
using FamilyAssistant.Operator.Benchmarks.Load;
using FamilyAssistant.Operator.Benchmarks.World;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>Changes the image of one instance after another, each after the last has been rolled out, and a plain apply before each.</summary>
internal static class Reactions
{
    private const string Sets = $"{Groups.Apps}/statefulsets";

    /// <summary>Measures both in turn, so that whatever else the machine does meets both.</summary>
    /// <returns>From the answer to the change until an independent watch saw the StatefulSet; and the plain applies.</returns>
    public static async Task<(Sample Reactions, Sample RawApplies)> MeasureAsync(BenchmarkWorld world, int samples, CancellationToken ct)
    {
        await using var sets = await ObjectWatch.StartAsync(world.Observer, Sets, static _ => { }, ct);
        var raw = await RawApply.PrepareAsync(world.User, sets, $"{world.Names.PathOf(0, Groups.Apps, "statefulsets")}/{InstanceNames.NameOf(0)}", ct);
        var reactions = new Sample();
        foreach (var number in Enumerable.Range(1, samples))
        {
            var image = InstanceManifest.Image(number);
            await raw.MeasureAsync(image, ct);
            await MeasureOneAsync(world, sets, number % world.Names.Count, image, reactions, ct);
        }

        return (reactions, raw.Latencies);
    }

    private static async Task MeasureOneAsync(BenchmarkWorld world, ObjectWatch sets, int instance, string image, Sample reactions, CancellationToken ct)
    {
        var key = world.Names.KeyOf(instance);
        var written = sets.ExpectAsync(sight => sight.Key == key && ImageOf(sight.Object) == image, () => $"the StatefulSet of {key} to have image {image}");
        var ready = world.Board.ReadyWithAsync(key, image);
        await world.User.PatchAsync(world.Names.PathOf(instance), ApiClient.Merge, new JsonObject { ["spec"] = new JsonObject { ["image"] = image } }.ToJsonString(), ct);
        var answered = TimeProvider.System.GetTimestamp();
        reactions.Add(answered, await written);
        await ready;
    }

    private static string ImageOf(JsonNode set) => set["spec"]!["template"]!["spec"]!["containers"]![0]!["image"]!.GetValue<string>();
}
