using System.Diagnostics;
using System.Globalization;
using Debyard.Debian;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server;

/// <summary>The one place where what went wrong becomes an answer, and where requests are logged.</summary>
sealed class ProblemDetailsMiddleware(RequestDelegate next, ILogger<ProblemDetailsMiddleware> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        http.Response.Headers["X-Request-Id"] = http.TraceIdentifier;
        try
        {
            await next(http);
            await ExplainAsync(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, and nobody is left to answer.
        }
        catch (Exception fault)
        {
            await AnswerAsync(http, fault);
        }
        if (log.IsEnabled(LogLevel.Debug))
            log.LogDebug(
                "{Request} {Caller} {Method} {Path} {Status} {Milliseconds:0.0} ms",
                http.TraceIdentifier,
                http.Features.Get<CallerContext>()?.Caller.Name,
                http.Request.Method,
                http.Request.Path,
                http.Response.StatusCode,
                Stopwatch.GetElapsedTime(started).TotalMilliseconds
            );
    }

    // Routing and the serving of files refuse with a bare status.
    static async Task ExplainAsync(HttpContext http)
    {
        if (http.Response is not { HasStarted: false, StatusCode: >= 400 and var status, ContentType: null })
            return;
        await Answers
            .Problem(
                status,
                status switch
                {
                    StatusCodes.Status404NotFound or StatusCodes.Status405MethodNotAllowed =>
                        $"There is nothing at {http.Request.Path} for {http.Request.Method}; what there is, is in /openapi.json.",
                    StatusCodes.Status412PreconditionFailed => "The file is not, or no longer, the one that the request's condition names.",
                    StatusCodes.Status416RangeNotSatisfiable => "The file has no such part.",
                    _ => $"{http.Request.Path} cannot be answered.",
                }
            )
            .ExecuteAsync(http);
    }

    async Task AnswerAsync(HttpContext http, Exception fault)
    {
        var (status, detail) = fault switch
        {
            InvalidUploadException or DebianFormatException or ProjectPathException => (422, fault.Message),
            BranchNameException => (400, fault.Message),
            BranchMissingException => (404, fault.Message),
            BranchTakenException or BranchProtectedException => (409, fault.Message),
            RefusedException refused => Refuse(http, refused),
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
            // Kestrel's answer to a chunk's size of more than 64 bits; all else that is wrong with chunks is a BadHttpRequestException.
            IOException { InnerException: OverflowException } => (400, "A chunk of the request's body says a size that no body has."),
            IOException full when DiskFault.IsFull(full) => (
                507,
                "The repository's disk is full; nothing was changed. Free space on it, then send the request again."
            ),
            IOException readOnly when DiskFault.IsReadOnly(readOnly) => (
                500,
                "The repository's disk is read-only; nothing was acknowledged. Look why it is, and once it can be written send the request again."
            ),
            RepositoryUnavailableException => (503, fault.Message),
            _ => (500, "The repository server failed; its log says why. Nothing was acknowledged: send the request again."),
        };
        if (status >= 500 && fault is not RefusedException)
            log.LogError(fault, "{Request} {Method} {Path} failed", http.TraceIdentifier, http.Request.Method, http.Request.Path);
        if (http.Response.HasStarted)
            http.Abort();
        else
            await Answers.Problem(status, detail).ExecuteAsync(http);
    }

    static (int Status, string Detail) Refuse(HttpContext http, RefusedException refused)
    {
        if (refused.RetryAfter is { } pause)
            http.Response.Headers.RetryAfter = ((int)pause.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (refused.Status == StatusCodes.Status401Unauthorized)
            http.Response.Headers.WWWAuthenticate = "Bearer, Basic realm=\"Debyard\"";
        return (refused.Status, refused.Message);
    }
}
