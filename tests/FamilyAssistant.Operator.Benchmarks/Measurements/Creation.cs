using FamilyAssistant.Operator.Benchmarks.Load;
using FamilyAssistant.Operator.Benchmarks.World;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>All instances are created at once.</summary>
/// <param name="Seconds">From the first request until the last instance was Ready.</param>
/// <param name="Requests">The operator's requests until it was quiet.</param>
internal sealed record Creation(double Seconds, RequestCounts Requests)
{
    private const int AtOnce = 8;

    /// <summary>Creates them.</summary>
    public static async Task<Creation> MeasureAsync(BenchmarkWorld world, CancellationToken ct)
    {
        var position = world.Cluster.Audit.Position;
        var ready = world.Board.AllReadyAsync(world.Names.Count);
        var began = TimeProvider.System.GetTimestamp();
        await Parallel.ForEachAsync(world.Names.All, new ParallelOptions { MaxDegreeOfParallelism = AtOnce, CancellationToken = ct }, async (instance, token) =>
            await world.User.CreateAsync(world.Names.PathOf(instance, Groups.Instances, "familyassistantinstances"), InstanceManifest.Of(instance, world.Cluster.Postgres), token));
        var seconds = TimeProvider.System.GetElapsedTime(began, await ready).TotalSeconds;
        await Measurements.Requests.UntilQuietAsync(world.Cluster.Audit, ct);
        return new Creation(seconds, await Measurements.Requests.SinceAsync(world.Cluster.Audit, position, ct));
    }
}
