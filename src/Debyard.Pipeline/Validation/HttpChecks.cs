using System.Net.Http.Headers;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation;

/// <summary>Checks the responses of a service.</summary>
/// <param name="connect">Opens a connection to the service.</param>
/// <param name="timeout">How long to wait for the first response and for each later one; 30 seconds by default.</param>
public sealed class HttpChecks(Func<CancellationToken, Task<Stream>> connect, TimeSpan? timeout = null) : IDisposable
{
    readonly TimeSpan timeout = timeout ?? TimeSpan.FromSeconds(30);

    readonly HttpClient http = new(
        new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            ConnectCallback = async (_, cancellation) => await connect(cancellation),
        }
    )
    {
        BaseAddress = new Uri("http://localhost/"),
        Timeout = timeout ?? TimeSpan.FromSeconds(30),
        // A connection is a process in the container, which should not outlive the request.
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    /// <summary>Waits until the service gives any response.</summary>
    /// <param name="path">The path to request.</param>
    /// <param name="hasExited">True if the service has exited, which ends the wait.</param>
    /// <param name="cancellation">Cancels the wait.</param>
    /// <returns>False if the service did not respond in time, or exited.</returns>
    public async Task<bool> WaitUntilAnsweredAsync(string path, Func<bool> hasExited, CancellationToken cancellation)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        deadline.CancelAfter(timeout);
        while (!hasExited())
        {
            try
            {
                using var response = await http.GetAsync(
                    new Uri(path, UriKind.Relative),
                    HttpCompletionOption.ResponseHeadersRead,
                    deadline.Token
                );
                return true;
            }
            catch (HttpRequestException)
            {
                // The service does not listen yet.
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
        return false;
    }

    /// <summary>Sends the request of a check.</summary>
    /// <returns>How the response differs from the expected one; null if it does not.</returns>
    public async Task<string?> TryAsync(HttpCheck check, CancellationToken cancellation)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, new Uri(check.Path, UriKind.Relative));
        foreach (var (name, value) in check.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }
        try
        {
            using var response = await http.SendAsync(request, cancellation);
            var body = await response.Content.ReadAsByteArrayAsync(cancellation);
            return Compare(check, (int)response.StatusCode, response.Content.Headers, body);
        }
        catch (HttpRequestException exception)
        {
            return $"no answer: {exception.GetBaseException().Message}";
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return $"no answer within {timeout.TotalSeconds:0.#} s";
        }
    }

    static string? Compare(HttpCheck check, int status, HttpContentHeaders headers, byte[] body)
    {
        var text = System.Text.Encoding.UTF8.GetString(body);
        var expected = check.Status ?? 200;
        return status != expected ? $"status {status}, not {expected}: {Beginning(text)}"
            : check.ContentType is { } type && headers.ContentType?.MediaType != type
                ? $"content type {headers.ContentType?.MediaType ?? "none"}, not {type}"
            : check.Length is { } length && body.Length != length ? $"{body.Length} bytes, not {length}"
            : check.Text.Contains.FirstOrDefault(part => !text.Contains(part, StringComparison.Ordinal)) is { } missing
                ? $"no '{missing}' in: {Beginning(text)}"
            : null;
    }

    static string Beginning(string text) => (text.Length > 200 ? text[..200] + "…" : text).Trim().ReplaceLineEndings(" ");

    public void Dispose() => http.Dispose();
}
