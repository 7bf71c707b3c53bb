using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace FamilyAssistant.Operator.LocalCluster.Node.Network;

/// <summary>One address of a Service and the connections that came over it.</summary>
internal sealed class ServiceListener : IAsyncDisposable
{
    private static readonly TimeSpan ConnectLimit = TimeSpan.FromSeconds(5);
    private readonly Socket _socket;
    private readonly CancellationTokenSource _stop = new();
    private readonly ConcurrentDictionary<Task, bool> _connections = new();
    private readonly Task _accepting;
    private int _next = Random.Shared.Next(1000);

    public ServiceListener(Socket listening, ImmutableArray<IPEndPoint> targets)
    {
        _socket = listening;
        Targets = targets;
        _accepting = Task.Run(AcceptAsync);
    }

    /// <summary>Where new connections go, in turn.</summary>
    public ImmutableArray<IPEndPoint> Targets { get; set; }

    /// <summary>New connections are refused from now on; those that are open go on.</summary>
    public void StopListening() => _socket.Dispose();

    public async ValueTask DisposeAsync()
    {
        StopListening();
        await _stop.CancelAsync();
        await _accepting;
        await Task.WhenAll(_connections.Keys);
        _stop.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var incoming = await _socket.AcceptAsync(_stop.Token);
                var connection = ForwardAsync(incoming);
                _connections.TryAdd(connection, true);
                _ = connection.ContinueWith(done => _connections.TryRemove(done, out _), TaskScheduler.Default);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // It listens no longer.
        }
    }

    private async Task ForwardAsync(Socket incoming)
    {
        using var outgoing = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (incoming)
        {
            try
            {
                incoming.NoDelay = outgoing.NoDelay = true;
                await ConnectAsync(outgoing);
                using var both = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
                await Task.WhenAll(CopyAsync(incoming, outgoing, both), CopyAsync(outgoing, incoming, both));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or IOException or ObjectDisposedException)
            {
                // A reset, as if the pod itself had refused or dropped the connection.
                Reset(incoming);
                Reset(outgoing);
            }
        }
    }

    private async Task ConnectAsync(Socket outgoing)
    {
        var targets = Targets;
        using var bounded = CancellationTokenSource.CreateLinkedTokenSource(_stop.Token);
        bounded.CancelAfter(ConnectLimit);
        await outgoing.ConnectAsync(targets[(int)((uint)Interlocked.Increment(ref _next) % targets.Length)], bounded.Token);
    }

    /// <summary>One direction until its end, which is passed on; a failure ends the other direction too.</summary>
    private static async Task CopyAsync(Socket from, Socket to, CancellationTokenSource both)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            int count;
            while ((count = await from.ReceiveAsync(buffer, both.Token)) > 0)
            {
                for (var sent = 0; sent < count;)
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), both.Token);
                }
            }

            to.Shutdown(SocketShutdown.Send);
        }
        catch
        {
            await both.CancelAsync();
            throw;
        }
    }

    private static void Reset(Socket socket)
    {
        try
        {
            socket.LingerState = new LingerOption(enable: true, seconds: 0);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed already.
        }
    }
}
