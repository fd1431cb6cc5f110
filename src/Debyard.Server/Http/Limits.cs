using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Debyard.Server.Http;

/// <summary>How much of the server one client can take. What is over a limit is refused at once and can be sent again.</summary>
public sealed record LimitOptions
{
    /// <summary>The largest upload, in bytes.</summary>
    public long LargestUpload { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Uploads received at the same time.</summary>
    public int ConcurrentUploads { get; init; } = 256;

    /// <summary>Open connections; null: as many as the system has.</summary>
    public int? Connections { get; init; }

    /// <summary>Requests of one address, bursts of ten times as many included; null: any number.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>Requests of one address with tokens that are none.</summary>
    public int FailuresPerMinute { get; init; } = 60;

    /// <summary>A body that comes slower, in bytes per second, is cut off after ten seconds.</summary>
    public int SlowestBody { get; init; } = 240;

    /// <summary>All headers of a request together, in bytes.</summary>
    public int LargestHeaders { get; init; } = 32 * 1024;
}

/// <summary>Counts what <see cref="LimitOptions"/> limit.</summary>
sealed class Limits(LimitOptions options) : IDisposable
{
    static readonly TimeSpan soon = TimeSpan.FromSeconds(1),
        minute = TimeSpan.FromMinutes(1);

    readonly ConcurrencyLimiter uploads = new(new() { PermitLimit = options.ConcurrentUploads });
    readonly PartitionedRateLimiter<HttpContext>? requests = options.RequestsPerSecond is { } rate
        ? PerAddress(10 * rate, rate, soon)
        : null;

    // It has a timer, which a server without failures can do without.
    readonly Lazy<PartitionedRateLimiter<HttpContext>> failures = new(() =>
        PerAddress(options.FailuresPerMinute, options.FailuresPerMinute, minute)
    );

    public void Apply(KestrelServerLimits kestrel)
    {
        kestrel.MaxRequestBodySize = options.LargestUpload;
        kestrel.MaxConcurrentConnections = options.Connections;
        kestrel.MaxRequestHeadersTotalSize = options.LargestHeaders;
        kestrel.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.MinRequestBodyDataRate = new MinDataRate(options.SlowestBody, gracePeriod: TimeSpan.FromSeconds(10));
    }

    /// <summary>A place for one upload, until it is disposed.</summary>
    /// <exception cref="RefusedException">There is none: 503.</exception>
    public IDisposable BeginUpload()
    {
        var lease = uploads.AttemptAcquire();
        return lease.IsAcquired
            ? lease
            : throw new RefusedException(
                StatusCodes.Status503ServiceUnavailable,
                $"The server receives {options.ConcurrentUploads} uploads already; send this one again."
            )
            {
                RetryAfter = soon,
            };
    }

    /// <exception cref="RefusedException">One too many: 429.</exception>
    public void CountRequest(HttpContext http)
    {
        if (requests is not null)
            Count(requests, http, soon);
    }

    /// <exception cref="RefusedException">One too many: 429.</exception>
    public void CountFailure(HttpContext http) => Count(failures.Value, http, minute);

    static void Count(PartitionedRateLimiter<HttpContext> limiter, HttpContext http, TimeSpan retryAfter)
    {
        using var lease = limiter.AttemptAcquire(http);
        if (!lease.IsAcquired)
            throw new RefusedException(
                StatusCodes.Status429TooManyRequests,
                "There are too many requests from this address; wait, then go on."
            )
            {
                RetryAfter = retryAfter,
            };
    }

    static PartitionedRateLimiter<HttpContext> PerAddress(int burst, int tokens, TimeSpan period) =>
        PartitionedRateLimiter.Create<HttpContext, IPAddress>(http =>
            RateLimitPartition.GetTokenBucketLimiter(
                Network(http.Connection.RemoteIpAddress ?? IPAddress.None),
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = burst,
                    TokensPerPeriod = tokens,
                    ReplenishmentPeriod = period,
                    AutoReplenishment = false,
                }
            )
        );

    // Whoever has an IPv6 address has all 2^64 of its network.
    static IPAddress Network(IPAddress address) =>
        address is { AddressFamily: System.Net.Sockets.AddressFamily.InterNetworkV6, IsIPv4MappedToIPv6: false }
            ? new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), .. new byte[8]])
            : address;

    public void Dispose()
    {
        uploads.Dispose();
        requests?.Dispose();
        if (failures.IsValueCreated)
            failures.Value.Dispose();
    }
}
