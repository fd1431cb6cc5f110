using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>A TCP socket that accepts connections.</summary>
public sealed record ListeningSocket(IPAddress Address, int Port)
{
    // The state TCP_LISTEN in proc_pid_net(5).
    const string Listen = "0A";

    /// <summary>Reads the sockets of the network that a command runs in.</summary>
    public static async Task<IReadOnlyList<ListeningSocket>> ReadAsync(CheckContext context, CancellationToken cancellation)
    {
        // Without IPv6 there is no second file, and cat's complaint is no socket.
        var result = await context.Run(["cat", "/proc/net/tcp", "/proc/net/tcp6"], cancellation);
        return [.. result.Output.Split('\n').Select(Parse).OfType<ListeningSocket>().Distinct()];
    }

    /// <summary>Whether a connection to the address and port reaches it.</summary>
    public bool Accepts(IPEndPoint to) =>
        Port == to.Port
        && (
            Address.Equals(to.Address)
            || Address.Equals(IPAddress.IPv6Any)
            || Address.Equals(IPAddress.Any) && to.AddressFamily == AddressFamily.InterNetwork
        );

    public override string ToString() => new IPEndPoint(Address, Port).ToString();

    // "  0: 0100007F:1F90 00000000:0000 0A …": the address is in words of 32 bits in the machine's byte order.
    public static ListeningSocket? Parse(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [_, var local, _, Listen, ..]
        && local.Split(':') is [{ Length: 8 or 32 } address, { Length: 4 } port]
        && address.All(char.IsAsciiHexDigit)
        && int.TryParse(port, NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var number)
            ? new ListeningSocket(AddressFrom(Convert.FromHexString(address)), number)
            : null;

    static IPAddress AddressFrom(byte[] bytes)
    {
        for (var word = 0; BitConverter.IsLittleEndian && word < bytes.Length; word += 4)
        {
            bytes.AsSpan(word, 4).Reverse();
        }
        var address = new IPAddress(bytes);
        return address.IsIPv4MappedToIPv6 ? address.MapToIPv4() : address;
    }
}
