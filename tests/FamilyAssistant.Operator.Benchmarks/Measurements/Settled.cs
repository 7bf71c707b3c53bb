using FamilyAssistant.Operator.Benchmarks.World;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>A while in which nobody changes anything. The looks at the applications' health and at the databases go on.</summary>
/// <param name="Minutes">Its length.</param>
/// <param name="Requests">The operator's requests in it.</param>
/// <param name="ProcessorSeconds">What the operator used of the processor.</param>
/// <param name="ResidentMiB">Its resident memory at the end.</param>
internal sealed record Settled(double Minutes, RequestCounts Requests, double ProcessorSeconds, double ResidentMiB)
{
    /// <summary>Two rounds of health looks.</summary>
    private static readonly TimeSpan Length = TimeSpan.FromMinutes(1);

    /// <summary>Waits and looks.</summary>
    public static async Task<Settled> MeasureAsync(BenchmarkWorld world, OperatorProcess process, CancellationToken ct)
    {
        var position = world.Cluster.Audit.Position;
        var before = process.ProcessorSeconds;
        var began = TimeProvider.System.GetTimestamp();
        await Task.Delay(Length, TimeProvider.System, ct);
        var used = process.ProcessorSeconds - before;
        var minutes = TimeProvider.System.GetElapsedTime(began).TotalMinutes;
        return new Settled(minutes, await Measurements.Requests.SinceAsync(world.Cluster.Audit, position, ct), used, process.ResidentMiB);
    }
}
