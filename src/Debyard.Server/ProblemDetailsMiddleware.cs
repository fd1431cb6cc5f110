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

/// <summary>Turns every exception and every bare error status into an answer with problem details (RFC 9457), and logs requests.</summary>
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
            // The client has disconnected.
        }
        catch (Exception exception)
        {
            await AnswerAsync(http, exception);
        }
        if (log.IsEnabled(LogLevel.Debug))
            log.LogDebug(
                "{Request} {Caller} {Method} {Path} {Status} {Milliseconds:0.0} ms",
                http.TraceIdentifier,
                http.Features.Get<CallerContext>()?.Caller.Name,
                http.Request.Method,
                http.Request.Path.ToUriComponent(),
                http.Response.StatusCode,
                Stopwatch.GetElapsedTime(started).TotalMilliseconds
            );
    }

    // Routing and file results set a status without a body.
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
                        $"{http.Request.Method} {http.Request.Path} does not exist; /openapi.json lists all paths.",
                    StatusCodes.Status412PreconditionFailed =>
                        "The file does not match the precondition of the request; it may have changed.",
                    StatusCodes.Status416RangeNotSatisfiable => "The requested range is outside the file.",
                    _ => $"The request for {http.Request.Path} failed.",
                }
            )
            .ExecuteAsync(http);
    }

    async Task AnswerAsync(HttpContext http, Exception exception)
    {
        var (status, detail) = exception switch
        {
            InvalidUploadException or DebianFormatException or ProjectPathException => (422, exception.Message),
            BranchNameException => (400, exception.Message),
            BranchMissingException => (404, exception.Message),
            WriteRefusedException => (403, exception.Message),
            BranchTakenException or BranchProtectedException => (409, exception.Message),
            RefusedException refused => Refuse(http, refused),
            BadHttpRequestException bad => (bad.StatusCode, bad.Message),
            // Kestrel throws this for a chunk size of more than 64 bits, and BadHttpRequestException for all other invalid chunks.
            IOException { InnerException: OverflowException } => (400, "The request body has a chunk with an invalid size."),
            IOException full when DiskFault.IsFull(full) => (
                507,
                "The disk of the repository is full; nothing was changed. Free some space, then retry."
            ),
            IOException readOnly when DiskFault.IsReadOnly(readOnly) => (
                500,
                "The disk of the repository is read-only; nothing was acknowledged. Make it writable, then retry."
            ),
            RepositoryUnavailableException => (503, exception.Message),
            _ => (500, "Internal error; see the server's log. Nothing was acknowledged, so the request can be retried."),
        };
        if (status >= 500 && exception is not RefusedException)
            log.LogError(
                exception,
                "{Request} {Method} {Path} failed",
                http.TraceIdentifier,
                http.Request.Method,
                http.Request.Path.ToUriComponent()
            );
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
