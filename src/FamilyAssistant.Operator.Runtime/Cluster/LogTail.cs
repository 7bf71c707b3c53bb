using System.Text;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>Which part of a log is read: the last lines.</summary>
/// <param name="TailLines">At most so many.</param>
public sealed record LogRange(int TailLines)
{
    /// <summary>Only what was written in this last time, by the clock of the node, in whole seconds. Null (default): from the container's start.</summary>
    public TimeSpan? Since { get; init; }

    /// <summary>At most so many bytes. Default 256 KiB.</summary>
    public int MostBytes { get; init; } = 256 * 1024;
}

/// <summary>The end of a log. The server's own byte limit cuts at the end, where the interesting lines are; so more is asked for and the beginning is cut here.</summary>
internal static class LogTail
{
    /// <summary>What is asked of the server.</summary>
    public static int RequestBytes(LogRange range) => range.MostBytes * 4;

    /// <summary>The end of an answer within the range's bytes, from the beginning of a line.</summary>
    public static string Last(ReadOnlySpan<byte> log, LogRange range)
    {
        if (log.Length > range.MostBytes)
        {
            log = log[^range.MostBytes..];
            var line = log.IndexOf((byte)'\n');
            log = line >= 0 ? log[(line + 1)..] : log;
        }

        return Encoding.UTF8.GetString(log);
    }
}
