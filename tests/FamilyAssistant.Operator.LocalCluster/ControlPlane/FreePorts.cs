using System.Net;
using System.Net.Sockets;

namespace FamilyAssistant.Operator.LocalCluster.ControlPlane;

/// <summary>
/// Ports for servers that must keep theirs over a restart. They come from below the range that the kernel hands out for outgoing
/// connections (and below Kubernetes' node ports): else, while a server restarts, a stranger's connection could sit on its port.
/// </summary>
public static class FreePorts
{
    private const int First = 10_000;
    private const int Last = 29_999;
    private static readonly HashSet<int> Taken = [];

    /// <summary>A port of 127.0.0.1 that nothing listens on now and that this process has not handed out before.</summary>
    public static int Next()
    {
        for (var attempt = 0; attempt < 500; attempt++)
        {
            // Random, not ascending: clusters of other processes search at the same time.
            var port = Random.Shared.Next(First, Last + 1);
            lock (Taken)
            {
                if (!Taken.Contains(port) && IsFree(port))
                {
                    Taken.Add(port);
                    return port;
                }
            }
        }

        throw new InvalidOperationException($"no free port between {First} and {Last} on 127.0.0.1");
    }

    private static bool IsFree(int port)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(IPAddress.Loopback, port));
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
