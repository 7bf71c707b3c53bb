using System.Text;

namespace FamilyAssistant.Operator.LocalCluster.Node.Kubelet;

/// <summary>Reads a container's log while it may still grow. A line ends with a line feed and nothing else: programs write carriage returns, too.</summary>
internal sealed class LogFile(string path) : IDisposable
{
    private readonly FileStream _file = new(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly MemoryStream _line = new();
    private int _next, _end;

    /// <summary>The next line that is complete; null when there is none now. Asked again later, it goes on where it was.</summary>
    public LogLine? Read()
    {
        while (_next < _end || Fill())
        {
            var feed = Array.IndexOf(_buffer, (byte)'\n', _next, _end - _next);
            var stop = feed < 0 ? _end : feed;
            _line.Write(_buffer, _next, stop - _next);
            _next = stop + (feed < 0 ? 0 : 1);
            if (feed >= 0)
            {
                var text = Encoding.UTF8.GetString(_line.GetBuffer(), 0, (int)_line.Length);
                _line.SetLength(0);
                return LogLine.Parse(text);
            }
        }

        return null;
    }

    /// <summary>All lines of a file.</summary>
    public static IReadOnlyList<LogLine> ReadAll(string path)
    {
        using var file = new LogFile(path);
        var lines = new List<LogLine>();
        while (file.Read() is { } line)
        {
            lines.Add(line);
        }

        return lines;
    }

    public void Dispose()
    {
        _file.Dispose();
        _line.Dispose();
    }

    private bool Fill()
    {
        _next = 0;
        _end = _file.Read(_buffer);
        return _end > 0;
    }
}
