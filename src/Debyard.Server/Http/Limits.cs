using System.Net;
using System.Threading.RateLimiting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;

namespace Debyard.Server.Http;

/// <summary>Limits on clients. Requests over a limit are refused at once and can be retried.</summary>
public sealed record LimitOptions
{
    /// <summary>Maximum size of an upload, in bytes.</summary>
    public long LargestUpload { get; init; } = 8L * 1024 * 1024 * 1024;

    /// <summary>Maximum number of uploads received at the same time.</summary>
    public int ConcurrentUploads { get; init; } = 256;

    /// <summary>Maximum number of open connections; null: as many as the limit on open files allows.</summary>
    public int? Connections { get; init; }

    /// <summary>
    /// Maximum number of open connections per address, except from 127.0.0.1 and ::1, where a proxy may run; null: a quarter of all.
    /// </summary>
    public int? ConnectionsPerAddress { get; init; }

    /// <summary>Maximum rate of requests per address, with bursts of ten times as many; null: no limit.</summary>
    public int? RequestsPerSecond { get; init; }

    /// <summary>Maximum rate of requests with invalid tokens per address; above it, valid ones are refused too.</summary>
    public int FailuresPerMinute { get; init; } = 60;

    /// <summary>Minimum rate of a request body in bytes per second, after ten seconds; a slower one is cut off.</summary>
    public int SlowestBody { get; init; } = 240;

    /// <summary>Maximum size of all headers of a request together, in bytes.</summary>
    public int LargestHeaders { get; init; } = 32 * 1024;
}

/// <summary>Enforces <see cref="LimitOptions"/>.</summary>
sealed class Limits(LimitOptions options) : IDisposable
{
    static readonly TimeSpan soon = TimeSpan.FromSeconds(1),
        minute = TimeSpan.FromMinutes(1);

    readonly ConcurrencyLimiter uploads = new(new() { PermitLimit = options.ConcurrentUploads });
    readonly PartitionedRateLimiter<HttpContext>? requests = options.RequestsPerSecond is { } rate
        ? PerAddress(10 * rate, rate, soon)
        : null;

    // Created with the first failure, because it has a timer.
    readonly Lazy<PartitionedRateLimiter<HttpContext>> failures = new(() =>
        PerAddress(options.FailuresPerMinute, options.FailuresPerMinute, minute)
    );

    public void Apply(KestrelServerLimits kestrel)
    {
        kestrel.MaxRequestBodySize = options.LargestUpload;
        kestrel.MaxRequestHeadersTotalSize = options.LargestHeaders;
        kestrel.RequestHeadersTimeout = TimeSpan.FromSeconds(15);
        kestrel.MinRequestBodyDataRate = new MinDataRate(options.SlowestBody, gracePeriod: TimeSpan.FromSeconds(10));
    }

    /// <summary>Reserves a slot for one upload, until disposed.</summary>
    /// <exception cref="RefusedException">All slots are in use: 503.</exception>
    public IDisposable BeginUpload()
    {
        var lease = uploads.AttemptAcquire();
        return lease.IsAcquired
            ? lease
            : throw new RefusedException(
                StatusCodes.Status503ServiceUnavailable,
                $"The server is already receiving {options.ConcurrentUploads} uploads; retry shortly."
            )
            {
                RetryAfter = soon,
            };
    }

    /// <exception cref="RefusedException">The rate is exceeded: 429.</exception>
    public void CountRequest(HttpContext http)
    {
        if (requests is not null)
            Count(requests, http, soon);
    }

    /// <exception cref="RefusedException">The rate is exceeded: 429.</exception>
    public void CountFailure(HttpContext http) => Count(failures.Value, http, minute);

    /// <summary>Checks that the address may present credentials, without counting.</summary>
    /// <exception cref="RefusedException">It sent too many invalid ones: 429.</exception>
    public void RequireFailuresLeft(HttpContext http)
    {
        if (failures.IsValueCreated)
            Count(failures.Value, http, minute, permits: 0);
    }

    static void Count(PartitionedRateLimiter<HttpContext> limiter, HttpContext http, TimeSpan retryAfter, int permits = 1)
    {
        using var lease = limiter.AttemptAcquire(http, permits);
        if (!lease.IsAcquired)
            throw new RefusedException(StatusCodes.Status429TooManyRequests, "Too many requests from this address; wait, then retry.")
            {
                RetryAfter = retryAfter,
            };
    }

    static PartitionedRateLimiter<HttpContext> PerAddress(int burst, int tokens, TimeSpan period) =>
        PartitionedRateLimiter.Create<HttpContext, IPAddress>(http =>
            RateLimitPartition.GetTokenBucketLimiter(
                ClientNetwork.Of(http.Connection.RemoteIpAddress ?? IPAddress.None),
                _ => new TokenBucketRateLimiterOptions
                {
                    TokenLimit = burst,
                    TokensPerPeriod = tokens,
                    ReplenishmentPeriod = period,
                    AutoReplenishment = false,
                }
            )
        );

    public void Dispose()
    {
        uploads.Dispose();
        requests?.Dispose();
        if (failures.IsValueCreated)
            failures.Value.Dispose();
    }
}
