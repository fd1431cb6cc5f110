using System.Collections.Concurrent;
using System.Net;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Http;

/// <summary>
/// Limits open connections, in total and per client address, so that idle connections cannot use up the file descriptors that requests
/// need. A connection over the limit is closed at once.
/// </summary>
sealed class ConnectionLimits
{
    // For packages, indexes, processes of gpg and what .NET itself opens.
    const int ReservedDescriptors = 512;

    readonly ConcurrentDictionary<IPAddress, int> open = new();
    readonly int perAddress;
    readonly ILogger log;
    long refused;

    public ConnectionLimits(LimitOptions options, ILogger<ConnectionLimits> log)
    {
        Total = options.Connections ?? DefaultTotal(FileDescriptors.Limit());
        perAddress = options.ConnectionsPerAddress ?? Math.Max(16, Total / 4);
        this.log = log;
    }

    /// <summary>Maximum number of open connections.</summary>
    public int Total { get; }

    /// <summary>The number of connections that were closed because their address had too many.</summary>
    public long Refused => Interlocked.Read(ref refused);

    /// <summary>A package that is being sent needs a second descriptor, so half of what is left is for connections.</summary>
    internal static int DefaultTotal(long descriptors) => (int)Math.Clamp((descriptors - ReservedDescriptors) / 2, 64, 20_000);

    public void Apply(KestrelServerOptions kestrel)
    {
        kestrel.Limits.MaxConcurrentConnections = Total;
        // Also the time that a new connection has for its first request.
        kestrel.Limits.KeepAliveTimeout = TimeSpan.FromSeconds(20);
        kestrel.ConfigureEndpointDefaults(endpoint => endpoint.Use(next => connection => AcceptAsync(connection, next)));
    }

    async Task AcceptAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        if ((connection.RemoteEndPoint as IPEndPoint)?.Address is not { } address || IsProxy(address))
        {
            await next(connection);
            return;
        }
        var client = ClientNetwork.Of(address);
        try
        {
            if (open.AddOrUpdate(client, 1, (_, count) => count + 1) > perAddress)
            {
                Refuse(client);
                connection.Abort();
                return;
            }
            await next(connection);
        }
        finally
        {
            // The entry goes with the last connection, so that many addresses cost nothing for good.
            if (open.AddOrUpdate(client, 0, (_, count) => count - 1) == 0)
                open.TryRemove(new KeyValuePair<IPAddress, int>(client, 0));
        }
    }

    // A reverse proxy on this machine brings the connections of all its clients.
    static bool IsProxy(IPAddress address) => address.Equals(IPAddress.Loopback) || address.Equals(IPAddress.IPv6Loopback);

    void Refuse(IPAddress client)
    {
        // One line for the first and for each thousandth, so that the log stays readable under attack.
        if (Interlocked.Increment(ref refused) % 1000 == 1)
            log.LogWarning(
                "{Address} has {Limit} open connections; further ones are closed ({Refused} so far)",
                client,
                perAddress,
                Refused
            );
    }
}
