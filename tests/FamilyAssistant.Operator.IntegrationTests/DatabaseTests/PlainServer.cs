using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace FamilyAssistant.Operator.IntegrationTests.DatabaseTests;

/// <summary>A server on loopback that is none, or that stands before a real PostgreSQL as one without TLS.</summary>
internal sealed class PlainServer : IAsyncDisposable
{
    private const int TlsRequest = 80877103;
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource _stop = new();
    private readonly Func<NetworkStream, CancellationToken, Task> _serve;
    private readonly Task _loop;

    private PlainServer(Func<NetworkStream, CancellationToken, Task> serve)
    {
        _serve = serve;
        _listener.Start();
        _loop = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Answers a request for TLS as a PostgreSQL without it does, and passes on everything else.</summary>
    public static PlainServer Before(int port) => new(async (client, ct) =>
    {
        var first = new byte[8];
        await client.ReadExactlyAsync(first, ct);
        var asksForTls = BinaryPrimitives.ReadInt32BigEndian(first.AsSpan(4)) == TlsRequest;
        if (asksForTls)
        {
            await client.WriteAsync("N"u8.ToArray(), ct);
        }

        using var server = new TcpClient();
        await server.ConnectAsync(IPAddress.Loopback, port, ct);
        var stream = server.GetStream();
        if (!asksForTls)
        {
            await stream.WriteAsync(first, ct);
        }

        await Task.WhenAny(client.CopyToAsync(stream, ct), stream.CopyToAsync(client, ct));
    });

    /// <summary>Says this to whoever comes, once that has said something, and hangs up.</summary>
    public static PlainServer Saying(string text) => new(async (client, ct) =>
    {
        _ = await client.ReadAtLeastAsync(new byte[1024], 1, throwOnEndOfStream: false, ct);
        await client.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
    });

    /// <summary>Accepts and never says a word.</summary>
    public static PlainServer Silent() => new((client, ct) => client.CopyToAsync(Stream.Null, ct));

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _loop;
        _listener.Dispose();
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                using var client = await _listener.AcceptTcpClientAsync(_stop.Token);
                await ServeAsync(client);
            }
        }
        catch (Exception error) when (_stop.IsCancellationRequested && error is OperationCanceledException or SocketException)
        {
            // The test is over.
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        try
        {
            await _serve(client.GetStream(), _stop.Token);
        }
        catch (IOException)
        {
            // The other side has gone.
        }
    }
}
