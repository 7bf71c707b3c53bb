using FamilyAssistant.Operator.Benchmarks.World;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>The operator starts anew while every instance is as it should be.</summary>
/// <param name="Milliseconds">From the start of the process until every instance had had a pass and none waited for another.</param>
/// <param name="ReadyMilliseconds">From the start of the process until <c>/readyz</c> said yes: every cache is complete.</param>
/// <param name="Requests">The operator's requests until it was quiet.</param>
/// <param name="ResidentMiB">Resident memory then.</param>
internal sealed record ColdStart(double Milliseconds, double ReadyMilliseconds, RequestCounts Requests, double ResidentMiB)
{
    /// <summary>Starts it.</summary>
    public static async Task<ColdStart> MeasureAsync(BenchmarkWorld world, Func<OperatorProcess> start, CancellationToken ct)
    {
        var position = world.Cluster.Audit.Position;
        await using var process = start();
        var ready = await process.ReadyAsync(ct);
        var passed = await process.PassedAsync(world.Names.Count, ct);
        await Measurements.Requests.UntilQuietAsync(world.Cluster.Audit, ct);
        // Before the process is stopped: its good-bye to the Lease is no part of the start.
        var requests = await Measurements.Requests.SinceAsync(world.Cluster.Audit, position, ct);
        return new ColdStart(Since(process, passed), Since(process, ready), requests, process.ResidentMiB);
    }

    private static double Since(OperatorProcess process, long at) => TimeProvider.System.GetElapsedTime(process.Started, at).TotalMilliseconds;
}
