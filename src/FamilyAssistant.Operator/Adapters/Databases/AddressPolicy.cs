using System.Net;
using System.Net.Sockets;

namespace FamilyAssistant.Operator.Adapters.Databases;

/// <summary>
/// Which addresses the operator dials because an instance says so. Whoever may write an instance must not reach through the operator what
/// only the operator or its node can reach: the node's own services, the cloud's metadata service, the API server.
/// </summary>
internal sealed class AddressPolicy(MonitorOptions options)
{
    /// <summary>Metadata services that are not at a link-local address.</summary>
    private static readonly IPAddress[] Metadata = [IPAddress.Parse("fd00:ec2::254"), IPAddress.Parse("100.100.100.200"), IPAddress.Parse("168.63.129.16")];

    /// <summary>Whether this address may be dialled at this port.</summary>
    public bool Allows(IPAddress address, int port)
    {
        var plain = Plain(address);
        return (options.AllowLoopback || !IPAddress.IsLoopback(plain))
            && !IsUnspecified(plain)
            && !IsLinkLocal(plain)
            && !IsGroup(plain)
            && !Metadata.Contains(plain)
            && !(options.ApiServer is { } server && server.Port == port && server.Address.Equals(plain));
    }

    /// <summary>The IPv4 address that an IPv6 one leads to: mapped, compatible, or through a NAT64 gateway (64:ff9b::/96).</summary>
    private static IPAddress Plain(IPAddress address)
    {
        if (address.AddressFamily != AddressFamily.InterNetworkV6)
        {
            return address;
        }

        return address.GetAddressBytes() switch
        {
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, .. var mapped] => new IPAddress(mapped),
            [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0, .. var translated] => new IPAddress(translated),

            // "::" and "::1" have their own meaning; both are refused for that.
            [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, .. var compatible] when compatible is not [0, 0, 0, 0 or 1] => new IPAddress(compatible),
            _ => address,
        };
    }

    /// <summary>The whole of 0.0.0.0/8: Linux connects to this machine through it.</summary>
    private static bool IsUnspecified(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes()[0] == 0 : address.Equals(IPAddress.IPv6Any);

    private static bool IsLinkLocal(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes() is [169, 254, ..] : address.IsIPv6LinkLocal;

    private static bool IsGroup(IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork ? address.GetAddressBytes()[0] >= 224 : address.IsIPv6Multicast;
}
