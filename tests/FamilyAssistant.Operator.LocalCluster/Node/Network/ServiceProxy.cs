using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using FamilyAssistant.Operator.LocalCluster.Node.Watching;

namespace FamilyAssistant.Operator.LocalCluster.Node.Network;

/// <summary>
/// Stands in for kube-proxy: listens on the address of each Service and hands connections to one of the pods behind it. TCP only; no node ports, no session
/// affinity. A pod sees connections come from 127.0.0.1.
/// </summary>
internal sealed class ServiceProxy : IAsyncDisposable
{
    private readonly NodeWatches _watches;
    private readonly IPEndPoint _apiServer;
    private readonly Action<string> _log;
    private readonly PassLoop _loop;
    private readonly ConcurrentDictionary<IPEndPoint, ServiceListener> _listeners = new();
    private readonly HashSet<IPEndPoint> _refused = [];

    public ServiceProxy(NodeWatches watches, NodeSettings settings, Action<string> log)
    {
        _watches = watches;
        _apiServer = new IPEndPoint(IPAddress.Parse(settings.ApiServer.Host), settings.ApiServer.Port);
        _log = log;
        _loop = new PassLoop("service proxy", ApplyAsync, log);
        watches.Services.Changed += (_, _) => _loop.Wake();
        watches.Pods.Changed += (_, _) => _loop.Wake();
    }

    public void Start() => _loop.Start();

    /// <summary>Returns once what was known at the start is served.</summary>
    public Task ReadyAsync(CancellationToken cancellation) => _loop.FirstPassAsync(cancellation);

    /// <summary>Whether connections to an address of a Service arrive; ports below 1024 cannot be had by every user.</summary>
    public bool Serves(IPEndPoint address) => _listeners.ContainsKey(address);

    public async ValueTask DisposeAsync()
    {
        await _loop.DisposeAsync();
        foreach (var listener in _listeners.Values)
        {
            await listener.DisposeAsync();
        }
    }

    private Task ApplyAsync(CancellationToken cancellation)
    {
        var routes = ServiceRoutes.Of(_watches.Services.Items, [.. _watches.Pods.Items], _apiServer);
        foreach (var (address, listener) in _listeners.Where(known => !routes.ContainsKey(known.Key)))
        {
            // Connections that are open stay so, as with kube-proxy.
            listener.StopListening();
            _listeners.TryRemove(address, out _);
        }

        foreach (var (address, targets) in routes)
        {
            if (_listeners.TryGetValue(address, out var listener))
            {
                listener.Targets = targets;
            }
            else if (Listen(address) is { } socket)
            {
                _listeners[address] = new ServiceListener(socket, targets);
            }
        }

        return Task.CompletedTask;
    }

    private Socket? Listen(IPEndPoint address)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(address);
            socket.Listen();
            _refused.Remove(address);
            return socket;
        }
        catch (SocketException e)
        {
            socket.Dispose();
            if (_refused.Add(address))
            {
                _log($"service proxy: cannot listen on {address}: {e.Message}");
            }

            return null;
        }
    }
}
