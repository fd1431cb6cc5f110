using System.Net.Http.Headers;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation;

/// <summary>Asks a service what a scenario wants to know, over connections made by <paramref name="connect"/>.</summary>
public sealed class HttpChecks(Func<CancellationToken, Task<Stream>> connect) : IDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

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
        Timeout = Patience,
        // One connection for each request: a connection is a process in the container.
        DefaultRequestHeaders = { ConnectionClose = true },
    };

    /// <summary>Waits until something answers at all, whatever it says.</summary>
    /// <param name="hasExited">True once the service has ended, so that nothing is waited for.</param>
    /// <returns>False where nothing answered in time.</returns>
    public async Task<bool> WaitUntilAnsweredAsync(string path, Func<bool> hasExited, CancellationToken cancellation)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        patience.CancelAfter(Patience);
        while (!hasExited())
        {
            try
            {
                using var response = await http.GetAsync(
                    new Uri(path, UriKind.Relative),
                    HttpCompletionOption.ResponseHeadersRead,
                    patience.Token
                );
                return true;
            }
            catch (HttpRequestException)
            {
                // Not listening yet.
            }
            catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
            {
                return false;
            }
            await Task.Delay(TimeSpan.FromMilliseconds(50), cancellation);
        }
        return false;
    }

    /// <summary>What is wrong with the answer, or null where it is as it should be.</summary>
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
            return $"no answer within {Patience.TotalSeconds:0} s";
        }
    }

    static string? Compare(HttpCheck check, int status, HttpContentHeaders headers, byte[] body)
    {
        var text = System.Text.Encoding.UTF8.GetString(body);
        return status != check.Status ? $"status {status}, not {check.Status}: {Beginning(text)}"
            : check.ContentType is { } type && headers.ContentType?.MediaType != type
                ? $"content type {headers.ContentType?.MediaType ?? "none"}, not {type}"
            : check.Length is { } length && body.Length != length ? $"{body.Length} bytes, not {length}"
            : check.Contains is { } part && !text.Contains(part, StringComparison.Ordinal) ? $"no '{part}' in: {Beginning(text)}"
            : null;
    }

    static string Beginning(string text) => (text.Length > 200 ? text[..200] + "…" : text).Trim().ReplaceLineEndings(" ");

    public void Dispose() => http.Dispose();
}
