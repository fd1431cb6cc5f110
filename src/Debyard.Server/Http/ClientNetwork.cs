using System.Net;
using System.Net.Sockets;

namespace Debyard.Server.Http;

/// <summary>What counts as one client: an IPv4 address, or the /64 network of an IPv6 address, because its holder has all of it.</summary>
static class ClientNetwork
{
    public static IPAddress Of(IPAddress address) =>
        address.IsIPv4MappedToIPv6 ? address.MapToIPv4()
        : address.AddressFamily == AddressFamily.InterNetworkV6 ? new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), .. new byte[8]])
        : address;
}
