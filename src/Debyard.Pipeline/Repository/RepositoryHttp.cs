using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Debyard.Protocol;

namespace Debyard.Pipeline.Repository;

/// <summary>HTTP with a repository server: identifies the client, repeats requests that the server postpones, reads errors.</summary>
sealed class RepositoryHttp : IDisposable
{
    const int Attempts = 5;

    static readonly TimeSpan LongestPause = TimeSpan.FromMinutes(1);

    readonly HttpClient client;

    public RepositoryHttp(RepositoryAddress address)
    {
        var handler = new SocketsHttpHandler
        {
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            // A proxy's loopback is another machine.
            UseProxy = !address.Server.IsLoopback,
        };
        client = new HttpClient(handler)
        {
            BaseAddress = address.Server,
            Timeout = Timeout.InfiniteTimeSpan, // large uploads take long; the cancellation token ends them
        };
        if (address.Token is { } token)
        {
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }
        if (address.Project is { } project)
        {
            client.DefaultRequestHeaders.Add(HeaderNames.Project, project);
        }
    }

    /// <summary>Sends a request and reads the JSON of the response.</summary>
    /// <param name="request">Creates the request, once for each attempt.</param>
    /// <param name="type">What the response is.</param>
    /// <param name="action">What the request does, for the error message.</param>
    /// <param name="cancellation">Cancels the request.</param>
    /// <exception cref="PipelineException">The server does not answer, refuses, or is not a Debyard server.</exception>
    public async Task<T> SendAsync<T>(Func<HttpRequestMessage> request, JsonTypeInfo<T> type, string action, CancellationToken cancellation)
    {
        using var response = await SendAsync(request, action, cancellation);
        return await ReadAsync(response, type, cancellation);
    }

    /// <summary>Sends a request, and returns a successful response as soon as its headers are there.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public async Task<HttpResponseMessage> SendAsync(Func<HttpRequestMessage> request, string action, CancellationToken cancellation)
    {
        var response = await SendUntilAcceptedAsync(request, cancellation);
        if (response.IsSuccessStatusCode)
        {
            return response;
        }
        using (response)
        {
            throw await FailureAsync(response, action, cancellation);
        }
    }

    /// <summary>Reads the JSON of an address; null if the server answers 404.</summary>
    /// <exception cref="PipelineException">The server does not answer, refuses, or is not a Debyard server.</exception>
    public async Task<T?> FindAsync<T>(string path, JsonTypeInfo<T> type, string action, CancellationToken cancellation)
        where T : class
    {
        using var response = await SendUntilAcceptedAsync(() => new HttpRequestMessage(HttpMethod.Get, path), cancellation);
        return response.StatusCode == HttpStatusCode.NotFound ? null
            : response.IsSuccessStatusCode ? await ReadAsync(response, type, cancellation)
            : throw await FailureAsync(response, action, cancellation);
    }

    /// <exception cref="PipelineException">The connection broke.</exception>
    public static async Task<byte[]> ReadBodyAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        try
        {
            return await response.Content.ReadAsByteArrayAsync(cancellation);
        }
        catch (Exception exception) when (exception is HttpRequestException or IOException)
        {
            throw new PipelineException(
                $"{ServerOf(response)} closed the connection in the middle of a response ({exception.GetBaseException().Message}): "
                    + "run again; files that arrived are not sent twice.",
                exception
            );
        }
    }

    // A 429 or 503 with Retry-After is not an answer yet.
    async Task<HttpResponseMessage> SendUntilAcceptedAsync(Func<HttpRequestMessage> request, CancellationToken cancellation)
    {
        try
        {
            for (var attempt = 1; ; attempt++)
            {
                using var message = request();
                var response = await client.SendAsync(message, HttpCompletionOption.ResponseHeadersRead, cancellation);
                if (attempt == Attempts || PauseOf(response) is not { } pause || pause > LongestPause)
                {
                    return response;
                }
                response.Dispose();
                await Task.Delay(pause > TimeSpan.Zero ? pause : TimeSpan.Zero, cancellation);
            }
        }
        catch (HttpRequestException exception)
        {
            throw new PipelineException(
                $"The repository server at {client.BaseAddress} does not answer ({exception.GetBaseException().Message}): "
                    + "start it, or check --repository-url.",
                exception
            );
        }
    }

    // RFC 9110, 10.2.3: seconds, which the server uses, or a date, which a proxy may use.
    static TimeSpan? PauseOf(HttpResponseMessage response) =>
        response.Headers.RetryAfter is { } after ? after.Delta ?? after.Date - DateTimeOffset.UtcNow : null;

    static async Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancellation)
    {
        try
        {
            return JsonSerializer.Deserialize(await ReadBodyAsync(response, cancellation), type) ?? throw new JsonException("null");
        }
        catch (JsonException exception)
        {
            throw new PipelineException(
                $"{response.RequestMessage!.RequestUri} did not answer with the protocol's JSON: is it a Debyard server?",
                exception
            );
        }
    }

    static async Task<PipelineException> FailureAsync(HttpResponseMessage response, string action, CancellationToken cancellation)
    {
        var reason = await ReasonAsync(response, cancellation);
        var remedy = response.StatusCode switch
        {
            HttpStatusCode.Unauthorized or HttpStatusCode.Forbidden =>
                " Set DEBYARD_TOKEN to a token that may write this branch, or give the job one: id_tokens, DEBYARD_ID_TOKEN.",
            HttpStatusCode.InsufficientStorage => " The server's disk is full.",
            _ => "",
        };
        return new PipelineException(
            $"{action}: {ServerOf(response)} answered {(int)response.StatusCode} {response.ReasonPhrase}. {reason}{remedy}"
        );
    }

    // Only a Debyard server's own text is shown: a proxy may answer with a whole HTML page.
    static async Task<string> ReasonAsync(HttpResponseMessage response, CancellationToken cancellation)
    {
        if (response.Content.Headers.ContentType?.MediaType != Problem.MediaType)
        {
            return "This response does not come from a Debyard server: check --repository-url and any proxy in between.";
        }
        var problem = await ReadAsync(response, ProtocolJson.Default.Problem, cancellation);
        return problem.Detail ?? problem.Title ?? "";
    }

    static string ServerOf(HttpResponseMessage response) => response.RequestMessage!.RequestUri!.GetLeftPart(UriPartial.Authority);

    public void Dispose() => client.Dispose();
}
