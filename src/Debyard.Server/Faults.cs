using System.Diagnostics;
using Debyard.Debian;
using Debyard.Repository;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server;

/// <summary>The one place where what went wrong becomes an answer, and where requests are logged.</summary>
sealed class Faults(RequestDelegate next, ILogger<Faults> log)
{
    public async Task InvokeAsync(HttpContext http)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            await next(http);
        }
        catch (Exception) when (http.RequestAborted.IsCancellationRequested)
        {
            // The client is gone, and nobody is left to answer.
        }
        catch (Exception fault)
        {
            await AnswerAsync(http, fault);
        }
        log.LogDebug("{Method} {Path} {Status} {Milliseconds:0.0} ms",
            http.Request.Method, http.Request.Path, http.Response.StatusCode, Stopwatch.GetElapsedTime(started).TotalMilliseconds);
    }

    async Task AnswerAsync(HttpContext http, Exception fault)
    {
        var problem = fault switch
        {
            InvalidUploadException or DebianFormatException => Problem.Of(422, fault.Message),
            BranchNameException => Problem.Of(400, fault.Message),
            BranchTakenException => Problem.Of(409, fault.Message),
            BadHttpRequestException bad => Problem.Of(bad.StatusCode, bad.Message),
            // Kestrel's answer to a chunk's size of more than 64 bits; all else that is wrong with chunks is a BadHttpRequestException.
            IOException { InnerException: OverflowException } => Problem.Of(400, "A chunk of the request's body says a size that no body has."),
            IOException full when DiskFault.IsFull(full) => Problem.Of(507, "The repository's disk is full; nothing was changed. Free space on it, then send the request again."),
            RepositoryUnavailableException => Problem.Of(503, fault.Message),
            _ => Problem.Of(500, "The repository server failed; its log says why. Nothing was acknowledged: send the request again."),
        };
        if (problem.Status >= 500)
            log.LogError(fault, "{Method} {Path} failed", http.Request.Method, http.Request.Path);
        if (http.Response.HasStarted)
            http.Abort();
        else
            await problem.ToResult().ExecuteAsync(http);
    }
}
