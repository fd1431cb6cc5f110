using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Debyard.Pipeline.Engine;

/// <summary>
/// A connection within a container: a perl in it connects, says how that went in one line, and relays both directions. Debian's perl-base
/// is essential, so every Debian image has it (Debian Policy 3.8).
/// </summary>
static class ContainerRelay
{
    const int LongestLine = 1000;
    const string Connected = "connected";

    // The child sends what comes from the engine, and passes on that the engine's side was closed. The parent ends, and ends the child,
    // when the service closes its side: the engine then closes the stream. Two processes, so that no direction can block the other.
    // Messages of errors, not their numbers, because those differ between architectures.
    const string Script = """
        my ($family, $address) = ($ARGV[0], pack("S H*", $ARGV[0], $ARGV[1]));
        my $socket;
        $| = 1;
        if (!socket($socket, $family, 1, 0) || !connect($socket, $address)) { print "$!\n"; exit 1 }
        else {
            print "connected\n";
            sub relay {
                my ($from, $to) = @_;
                while (sysread($from, my $bytes, 65536)) {
                    for (my $sent = 0; $sent < length $bytes; ) { $sent += syswrite($to, $bytes, 65536, $sent) // return }
                }
            }
            my $child = fork // exit 1;
            if (!$child) { relay(*STDIN, $socket); shutdown($socket, 1); exit }
            close STDIN;
            relay($socket, *STDOUT);
            kill "KILL", $child;
        }
        """;

    // Linux's AF_INET and AF_INET6.
    const int Ipv4 = 2;
    const int Ipv6 = 10;

    public static string[] Command(IPEndPoint to) =>
        to.AddressFamily == AddressFamily.InterNetworkV6
            ? ["perl", "-e", Script, $"{Ipv6}", $"{to.Port:x4}00000000{Hex(to.Address)}{ScopeOf(to.Address)}"]
            : ["perl", "-e", Script, $"{Ipv4}", $"{to.Port:x4}{Hex(to.Address)}0000000000000000"];

    /// <summary>Waits until the relay is connected.</summary>
    /// <exception cref="SocketException">The connection was not accepted.</exception>
    /// <exception cref="PipelineException">The container cannot run the relay.</exception>
    public static async Task WaitUntilConnectedAsync(Stream relay, CancellationToken cancellation)
    {
        var line = new MemoryStream();
        var next = new byte[1];
        while (line.Length < LongestLine && await relay.ReadAsync(next, cancellation) == 1 && next[0] != '\n')
        {
            line.WriteByte(next[0]);
        }
        switch (Encoding.UTF8.GetString(line.ToArray()))
        {
            case Connected:
                return;
            case "Connection refused":
                throw new SocketException((int)SocketError.ConnectionRefused);
            case "Cannot assign requested address":
                throw new SocketException((int)SocketError.AddressNotAvailable);
            case "Network is unreachable":
                throw new SocketException((int)SocketError.NetworkUnreachable);
            case "No route to host":
                throw new SocketException((int)SocketError.HostUnreachable);
            case "Connection timed out":
                throw new SocketException((int)SocketError.TimedOut);
            case var other when other.Contains("perl", StringComparison.Ordinal) || other.Length == 0:
                throw new PipelineException($"Connections into the container need its perl, which cannot run: {other}");
            case var other:
                throw new SocketException((int)SocketError.SocketError, other);
        }
    }

    static string Hex(IPAddress address) => Convert.ToHexStringLower(address.GetAddressBytes());

    // sin6_scope_id is in the machine's byte order; link-local addresses are the only ones that need it.
    static string ScopeOf(IPAddress address) => Convert.ToHexStringLower(BitConverter.GetBytes((uint)address.ScopeId));
}
