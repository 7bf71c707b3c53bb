using System.Text;

namespace FamilyAssistant.Operator.Runtime.Cluster;

/// <summary>The end of a log. The server's own byte limit cuts at the end, where the interesting lines are; so more is asked for and the beginning is cut here.</summary>
internal static class LogTail
{
    /// <summary>What is asked of the server.</summary>
    public const int RequestBytes = 4 * 1024 * 1024;

    private const int MaxBytes = 256 * 1024;

    /// <summary>The last 256 KiB, from the beginning of a line.</summary>
    public static string Last(ReadOnlySpan<byte> log)
    {
        if (log.Length > MaxBytes)
        {
            log = log[^MaxBytes..];
            var line = log.IndexOf((byte)'\n');
            log = line >= 0 ? log[(line + 1)..] : log;
        }

        return Encoding.UTF8.GetString(log);
    }
}
