using System.Net;
using System.Net.Sockets;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>Finds the addresses of a database's host as its instance's pods would.</summary>
internal sealed class HostLookup(Func<string, CancellationToken, Task<IPAddress[]>> resolve)
{
    /// <summary>The resolver of this machine.</summary>
    public static HostLookup System { get; } = new(static (host, ct) => Dns.GetHostAddressesAsync(host, ct));

    /// <summary>
    /// The addresses; empty when no name of this kind is known. A name without a dot is first a Service of the instance's namespace: the operator's own
    /// search list would look for it in the operator's namespace.
    /// </summary>
    public async Task<IReadOnlyList<IPAddress>> ResolveAsync(string host, string @namespace, CancellationToken ct)
    {
        if (IPAddress.TryParse(host, out var literal))
        {
            return [literal];
        }

        string[] candidates = host.Contains('.') || host == "localhost" ? [host] : [$"{host}.{@namespace}.svc", host];
        foreach (var candidate in candidates)
        {
            if (await TryResolveAsync(candidate, ct) is { Length: > 0 } addresses)
            {
                return addresses;
            }
        }

        return [];
    }

    private async Task<IPAddress[]?> TryResolveAsync(string name, CancellationToken ct)
    {
        try
        {
            return await resolve(name, ct);
        }
        catch (Exception error) when (error is SocketException or ArgumentException)
        {
            return null;
        }
    }
}
