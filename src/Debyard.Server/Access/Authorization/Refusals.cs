using System.Diagnostics.Metrics;
using Debyard.Repository.Identity;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Access.Authorization;

/// <summary>
/// Logs and counts refused requests: the counter <c>debyard.refusals</c> of the meter <c>Debyard.Server</c>, by status.
/// </summary>
/// <param name="root">The served folder, which tells several servers in one process apart.</param>
sealed class Refusals(string root, ILogger<Refusals> log) : IDisposable
{
    readonly Meter meter = new(new MeterOptions("Debyard.Server") { Scope = root });

    Counter<long> Counter => field ??= meter.CreateCounter<long>("debyard.refusals", description: "Requests refused with 401, 403 or 429.");

    /// <returns>True if the fault is a refusal.</returns>
    public bool Record(HttpContext http, Exception fault)
    {
        if (StatusOf(fault) is not { } status)
            return false;
        Counter.Add(1, new KeyValuePair<string, object?>("status", status));
        // A request without credentials is no news, and one over a limit must not fill the log.
        var level =
            status == StatusCodes.Status429TooManyRequests || http.Request.Headers.Authorization.Count == 0
                ? LogLevel.Debug
                : LogLevel.Information;
        if (log.IsEnabled(level))
            log.Log(
                level,
                "{Request} {Address} {Caller} refused with {Status}: {Method} {Path}: {Reason}",
                http.TraceIdentifier,
                http.Connection.RemoteIpAddress,
                http.Features.Get<CallerContext>()?.Caller.Name ?? "unknown",
                status,
                http.Request.Method,
                http.Request.Path.ToUriComponent(),
                fault.Message
            );
        return true;
    }

    public void Dispose() => meter.Dispose();

    static int? StatusOf(Exception fault) =>
        fault switch
        {
            WriteRefusedException => StatusCodes.Status403Forbidden,
            RefusedException { Status: 401 or 403 or 429 } refused => refused.Status,
            _ => null,
        };
}
