using System.Globalization;
using System.Text;

namespace FamilyAssistant.Operator.LocalCluster.Node.Sandbox;

/// <summary>
/// The output of one run of a container, in the format that container runtimes write: time, stream, <c>F</c> for a full line or <c>P</c> for a part of one, text.
/// </summary>
internal sealed class ContainerLog : IDisposable
{
    private const int LongestLine = 16 * 1024;
    private readonly Lock _lock = new();
    private readonly TimeProvider _clock;
    private readonly FileStream _file;
    private TaskCompletionSource _grown = New();

    public ContainerLog(string path, TimeProvider clock)
    {
        Path = path;
        _clock = clock;
        _file = new FileStream(path, FileMode.Create, FileAccess.Write, FileShare.Read, bufferSize: 0);
    }

    public string Path { get; }

    /// <summary>Whether the run has ended: nothing follows.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Done with the next output, or with the end. Take it, then read what is there, then wait for it.</summary>
    public Task Grown
    {
        get
        {
            lock (_lock)
            {
                return _grown.Task;
            }
        }
    }

    /// <summary>Copies a stream to its end.</summary>
    public async Task CopyAsync(Stream source, string stream)
    {
        var buffer = new byte[LongestLine];
        var held = 0;
        int read;
        while ((read = await ReadAsync(source, buffer.AsMemory(held))) > 0)
        {
            held += read;
            held = WriteLines(buffer, held, stream);
        }

        if (held > 0)
        {
            Append(Format(buffer.AsSpan(0, held), stream, "F"));
        }
    }

    /// <summary>The run has ended.</summary>
    public void Dispose()
    {
        lock (_lock)
        {
            _file.Dispose();
            IsClosed = true;
            _grown.TrySetResult();
        }
    }

    private static async Task<int> ReadAsync(Stream source, Memory<byte> buffer)
    {
        try
        {
            return await source.ReadAsync(buffer);
        }
        catch (IOException)
        {
            return 0;
        }
    }

    /// <summary>Writes what is complete; moves the rest to the front and returns its length.</summary>
    private int WriteLines(byte[] buffer, int held, string stream)
    {
        using var lines = new MemoryStream();
        var start = 0;
        for (int end; (end = buffer.AsSpan(start, held - start).IndexOf((byte)'\n')) >= 0; start += end + 1)
        {
            lines.Write(Format(buffer.AsSpan(start, end), stream, "F"));
        }

        if (start == 0 && held == buffer.Length)
        {
            lines.Write(Format(buffer, stream, "P"));
            start = held;
        }

        Append(lines.ToArray());
        buffer.AsSpan(start, held - start).CopyTo(buffer);
        return held - start;
    }

    private byte[] Format(ReadOnlySpan<byte> text, string stream, string tag)
    {
        var time = _clock.GetUtcNow().ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'00Z'", CultureInfo.InvariantCulture);
        return [.. Encoding.ASCII.GetBytes($"{time} {stream} {tag} "), .. text, (byte)'\n'];
    }

    private void Append(ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty)
        {
            return;
        }

        lock (_lock)
        {
            _file.Write(lines);
            _grown.TrySetResult();
            _grown = New();
        }
    }

    private static TaskCompletionSource New() => new(TaskCreationOptions.RunContinuationsAsynchronously);
}
