using System.Net;
using System.Net.Http.Headers;

namespace Debyard.Server.GitLab;

/// <summary>
/// Sends the requests of the API's client: one at a time, with the token in its header, without following redirects, and none while GitLab
/// asks to wait. The client itself would guess the kind of a token from its length, and refuse long ones.
/// </summary>
sealed class GitLabConnection(string token, TimeProvider time, CancellationToken stopping)
    : DelegatingHandler(new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) })
{
    // A page has 100 branches, each with the message of a commit.
    const int MaxAnswerBytes = 32 * 1024 * 1024;

    static readonly TimeSpan defaultPause = TimeSpan.FromMinutes(1),
        maxPause = TimeSpan.FromHours(1);

    readonly SemaphoreSlim oneAtATime = new(1);

    /// <summary>GitLab has asked to send nothing before.</summary>
    public DateTimeOffset NotBefore { get; private set; } = DateTimeOffset.MinValue;

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, stopping);
        await oneAtATime.WaitAsync(either.Token);
        try
        {
            if (time.GetUtcNow() < NotBefore)
                throw new GitLabFaultException(GitLabFault.RateLimited, $"GitLab asks to send no request before {NotBefore:u}.");
            request.Headers.Add("PRIVATE-TOKEN", token);
            request.Headers.UserAgent.Add(new ProductInfoHeaderValue("Debyard", null));
            var response = await base.SendAsync(request, either.Token);
            if (response.StatusCode == HttpStatusCode.TooManyRequests)
                NotBefore = time.GetUtcNow() + Pause(response);
            await response.Content.LoadIntoBufferAsync(MaxAnswerBytes, either.Token);
            return response;
        }
        finally
        {
            oneAtATime.Release();
        }
    }

    // RFC 9110, 10.2.3: seconds or a date.
    TimeSpan Pause(HttpResponseMessage response) =>
        (response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - time.GetUtcNow() : null) is not { } pause ? defaultPause
        : pause > maxPause ? maxPause
        : pause > TimeSpan.Zero ? pause
        : TimeSpan.Zero;

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            oneAtATime.Dispose();
        base.Dispose(disposing);
    }
}
