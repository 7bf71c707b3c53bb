using System.Globalization;

namespace FamilyAssistant.Operator.LocalCluster.Node.Kubelet;

/// <summary>One line of a container's log file.</summary>
/// <param name="Time">As it stands there, RFC 3339 with nanoseconds.</param>
/// <param name="Stream"><c>stdout</c> or <c>stderr</c>.</param>
/// <param name="IsPart">Whether the line goes on in the next one of its stream.</param>
/// <param name="Text">Without the line feed.</param>
internal sealed record LogLine(string Time, string Stream, bool IsPart, string Text)
{
    public DateTimeOffset At => DateTimeOffset.Parse(Time, CultureInfo.InvariantCulture);

    public static LogLine Parse(string line) => line.Split(' ', 4) is [var time, var stream, var tag, var text]
        ? new LogLine(time, stream, tag == "P", text)
        : throw new FormatException("not a line of a container's log");
}
