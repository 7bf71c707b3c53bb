using System.Buffers;
using System.IO.Pipelines;

namespace FamilyAssistant.Operator.Runtime.Caching;

/// <summary>Lines of a watch, with a watchdog: a watch whose connection died silently would wait for ever.</summary>
internal static class WatchStream
{
    private const int MaxLine = 16 * 1024 * 1024;

    /// <summary>Receives one line. False ends the watch.</summary>
    public delegate bool LineReader(ReadOnlySpan<byte> line);

    /// <summary>Reads until the server ends the stream, the reader wants no more, or silence lasts too long.</summary>
    /// <param name="stream">The body of the answer.</param>
    /// <param name="watchdog">Cancels <paramref name="ct"/>; pushed back by every byte.</param>
    /// <param name="idleTimeout">Longest silence.</param>
    /// <param name="onLine">Called for each line.</param>
    /// <param name="ct">Cancellation, also by the watchdog.</param>
    public static async Task ReadLinesAsync(Stream stream, CancellationTokenSource watchdog, TimeSpan idleTimeout, LineReader onLine, CancellationToken ct)
    {
        var pipe = PipeReader.Create(stream, new StreamPipeReaderOptions(bufferSize: 16 * 1024));
        try
        {
            while (true)
            {
                var read = await pipe.ReadAsync(ct);
                watchdog.CancelAfter(idleTimeout);
                var rest = read.Buffer;
                if (!Drain(ref rest, onLine) || read.IsCompleted)
                {
                    return;
                }

                if (rest.Length > MaxLine)
                {
                    throw new IOException("A line of the watch is longer than 16 MiB.");
                }

                pipe.AdvanceTo(rest.Start, rest.End);
            }
        }
        finally
        {
            await pipe.CompleteAsync();
        }
    }

    private static bool Drain(ref ReadOnlySequence<byte> buffer, LineReader onLine)
    {
        while (buffer.PositionOf((byte)'\n') is { } end)
        {
            var line = buffer.Slice(0, end);
            buffer = buffer.Slice(buffer.GetPosition(1, end));
            if (!line.IsEmpty && !Call(line, onLine))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Call(ReadOnlySequence<byte> line, LineReader onLine)
    {
        if (line.IsSingleSegment)
        {
            return onLine(line.FirstSpan);
        }

        var length = (int)line.Length;
        var rented = ArrayPool<byte>.Shared.Rent(length);
        try
        {
            line.CopyTo(rented);
            return onLine(rented.AsSpan(0, length));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(rented, clearArray: true);
        }
    }
}
