using System.Text;
using FamilyAssistant.Operator.LocalCluster.Node.Sandbox;

namespace FamilyAssistant.Operator.LocalCluster.Node.Kubelet;

/// <summary>Writes a container's log to a reader, and goes on with what is added when that is asked for.</summary>
internal static class LogWriter
{
    public static async Task WriteAsync(ContainerLog log, LogQuery query, Stream target, CancellationToken cancellation)
    {
        using var file = new LogFile(log.Path);
        var left = query.LimitBytes ?? long.MaxValue;
        var skipped = query.TailLines is { } tail ? Math.Max(0, LogFile.ReadAll(log.Path).Count - tail) : 0;
        while (true)
        {
            // First the question whether something may follow, then the look at what is there: the other way round the last lines could be missed.
            var (mayFollow, grown) = (!log.IsClosed, log.Grown);
            while (left > 0 && file.Read() is { } line)
            {
                if (skipped-- <= 0 && (query.Since is null || line.At >= query.Since))
                {
                    left -= await WriteAsync(line, query, left, target, cancellation);
                }
            }

            await target.FlushAsync(cancellation);
            if (!query.Follow || !mayFollow || left <= 0)
            {
                return;
            }

            await grown.WaitAsync(cancellation);
        }
    }

    private static async Task<long> WriteAsync(LogLine line, LogQuery query, long limit, Stream target, CancellationToken cancellation)
    {
        var bytes = Encoding.UTF8.GetBytes($"{(query.Timestamps ? line.Time + " " : "")}{line.Text}{(line.IsPart ? "" : "\n")}");
        var length = (int)Math.Min(bytes.Length, limit);
        await target.WriteAsync(bytes.AsMemory(0, length), cancellation);
        return length;
    }
}
