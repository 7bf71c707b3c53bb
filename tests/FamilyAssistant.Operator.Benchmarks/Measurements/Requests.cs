using FamilyAssistant.Operator.Benchmarks.World;
using FamilyAssistant.Operator.LocalCluster.ControlPlane;

namespace FamilyAssistant.Operator.Benchmarks.Measurements;

/// <summary>Reads the operator's part of the audit log.</summary>
internal static class Requests
{
    private static readonly TimeSpan Quiet = TimeSpan.FromSeconds(5);

    /// <summary>The requests since a position.</summary>
    public static async Task<RequestCounts> SinceAsync(AuditLog log, long position, CancellationToken ct) => new(await log.ReadAsync(position, ct));

    /// <summary>Waits until the operator has made no request for five seconds, its Lease apart.</summary>
    public static async Task UntilQuietAsync(AuditLog log, CancellationToken ct)
    {
        await Waiting.UntilAsync(
            async () =>
            {
                var mark = log.Position;
                await Task.Delay(Quiet, TimeProvider.System, ct);
                var counts = await SinceAsync(log, mark, ct);
                return counts.Writes + counts.Gets + counts.Lists == 0;
            },
            "the operator to be quiet",
            TimeSpan.Zero,
            TimeSpan.FromMinutes(10),
            ct);
    }
}
