using FamilyAssistant.Operator.Ports;
using FamilyAssistant.Operator.Runtime.Cluster;
using Microsoft.Extensions.Logging;

namespace FamilyAssistant.Operator.Adapters.Conflicts;

/// <summary>One look at the end of a log.</summary>
internal sealed partial class LogReader(IClusterApi api, TimeProvider time, ILogger<LogReader> logger) : ILogReader
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(10);
    private static readonly LogRange Range = new(TailLines: 1000) { Since = ConflictMemory.Window };

    /// <inheritdoc />
    public async Task<LogFinding> ReadAsync(PollingContainer container, CancellationToken ct)
    {
        using var limit = new CancellationTokenSource(Limit, time);
        using var both = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        try
        {
            var log = await api.ReadLogAsync(container.Pod, container.Container, Range, both.Token);
            return ConflictLog.Find(log) is { } line ? new LogFinding.Conflict(line) : new LogFinding.Quiet();
        }
        catch (ClusterApiException error)
        {
            LogUnreadable(container.Pod, error.Message);
            return new LogFinding.Unreadable();
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            LogUnreadable(container.Pod, "no answer in time");
            return new LogFinding.Unreadable();
        }
    }

    /// <summary>A node that does not answer, or a container that has just ended: neither is worth a warning every time.</summary>
    [LoggerMessage(1301, LogLevel.Debug, "The log of pod {Pod} could not be looked at: {Error}")]
    private partial void LogUnreadable(ObjectKey pod, string error);
}
