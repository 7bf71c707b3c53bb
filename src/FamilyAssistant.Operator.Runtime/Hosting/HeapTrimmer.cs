using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Runtime.Hosting;

/// <summary>
/// Gives memory back after work. A process that lists a thousand instances and then idles would keep the garbage of the lists for hours, because a collection
/// comes only with allocations. At most one a minute; it takes some milliseconds for each ten megabytes that are in use.
/// </summary>
internal sealed partial class HeapTrimmer(TimeProvider time, ILogger<HeapTrimmer> logger) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    /// <summary>Less is not worth a collection.</summary>
    private const long LeastAllocated = 16 << 20;

    private long _allocatedBefore;

    /// <summary>Whether so much has been allocated since the last yes that a collection is worth it.</summary>
    internal bool IsWorthIt(long allocated)
    {
        if (allocated - _allocatedBefore < LeastAllocated)
        {
            return false;
        }

        _allocatedBefore = allocated;
        return true;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await Task.Delay(Interval, time, stoppingToken);
                if (IsWorthIt(GC.GetTotalAllocatedBytes()))
                {
                    Trim();
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The process ends.
        }
    }

    private void Trim()
    {
        var before = Environment.WorkingSet;
        var began = time.GetTimestamp();
        GC.Collect(GC.MaxGeneration, GCCollectionMode.Aggressive, blocking: true, compacting: true);
        LogTrimmed(before >> 20, Environment.WorkingSet >> 20, GC.GetGCMemoryInfo(GCKind.FullBlocking).HeapSizeBytes >> 20, time.GetElapsedTime(began).TotalMilliseconds);
    }

    [LoggerMessage(410, LogLevel.Debug, "Memory trimmed from {Before} to {After} MiB, {Used} of it on the heap, in {Milliseconds} ms")]
    private partial void LogTrimmed(long before, long after, long used, double milliseconds);
}
