using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>What a service answered.</summary>
/// <param name="Body">Its beginning, at most <see cref="HttpExchange.LongestBody"/> bytes.</param>
/// <param name="Length">The length of the whole body.</param>
sealed record HttpAnswer(int Status, Uri Address, HttpResponseHeaders Headers, HttpContentHeaders ContentHeaders, byte[] Body, long Length)
{
    /// <summary>The values of a header, joined as RFC 9110 5.3 allows; null without it.</summary>
    public string? Header(string name) =>
        Headers.NonValidated.TryGetValues(name, out var values) || ContentHeaders.NonValidated.TryGetValues(name, out values)
            ? string.Join(", ", values)
            : null;
}

/// <summary>Sends a request on a connection of its own, and reads the response.</summary>
sealed class HttpExchange(CheckContext context)
{
    public const int LongestBody = 64 << 20;

    const int MostRedirects = 10;

    /// <exception cref="HttpRequestException">The service did not answer, or not in HTTP.</exception>
    public async Task<HttpAnswer> SendAsync(HttpCheck check, IPEndPoint address, CancellationToken cancellation)
    {
        using var handler = new SocketsHttpHandler
        {
            AllowAutoRedirect = check.Follow,
            MaxAutomaticRedirections = MostRedirects,
            UseCookies = check.Follow,
            UseProxy = false,
            // A connection is a process in the container, which must not outlive the request. And a service may close a connection at any
            // time without saying so before.
            PooledConnectionLifetime = TimeSpan.Zero,
            // All hosts are in the container, wherever a redirect leads.
            ConnectCallback = async (target, token) =>
                await context.Connect(new IPEndPoint(address.Address, target.DnsEndPoint.Port), token),
            SslOptions = check.Tls is { } tls
                ? await new TlsClient(context).OptionsAsync(tls, cancellation)
                : new SslClientAuthenticationOptions(),
        };
        using var http = new HttpClient(handler) { Timeout = Timeout.InfiniteTimeSpan };
        using var request = Request(check, address);
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, cancellation);
        var (body, length) = await ReadAsync(await response.Content.ReadAsStreamAsync(cancellation), cancellation);
        return new HttpAnswer(
            (int)response.StatusCode,
            response.RequestMessage!.RequestUri!,
            response.Headers,
            response.Content.Headers,
            body,
            length
        );
    }

    HttpRequestMessage Request(HttpCheck check, IPEndPoint address)
    {
        var scheme = check.Tls is null ? "http" : "https";
        // As it is written: a check may be about what a service does with "/../".
        var asWritten = new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = check.Path.All(char.IsAscii) };
        var request = new HttpRequestMessage(
            new HttpMethod(check.Method),
            new Uri($"{scheme}://{address}{context.WithPort(check.Path)}", in asWritten)
        )
        {
            Content =
                check.BodyFile is { } file ? new ByteArrayContent(context.ReadSource(file))
                : check.Body is { } body ? new StringContent(context.Expand(body), new MediaTypeHeaderValue("text/plain", "utf-8"))
                : null,
        };
        request.Headers.ConnectionClose = true;
        if (check.Tls is { } tls && !check.Headers.Keys.Contains("Host", StringComparer.OrdinalIgnoreCase))
        {
            // HttpClient verifies the certificate for this name, and not for the address.
            request.Headers.Host = $"{tls.Host}:{address.Port}";
        }
        if (check.Range is { } range)
        {
            request.Headers.TryAddWithoutValidation("Range", $"bytes={range}");
        }
        foreach (var (name, value) in check.Headers)
        {
            if (!request.Headers.TryAddWithoutValidation(name, context.Expand(value)))
            {
                request.Content ??= new ByteArrayContent([]);
                request.Content.Headers.Remove(name);
                request.Content.Headers.TryAddWithoutValidation(name, context.Expand(value));
            }
        }
        return request;
    }

    static async Task<(byte[] Body, long Length)> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var body = new MemoryStream();
        var length = 0L;
        var buffer = new byte[64 << 10];
        while (await stream.ReadAsync(buffer, cancellation) is > 0 and var read)
        {
            body.Write(buffer, 0, (int)Math.Min(read, Math.Max(0, LongestBody - length)));
            length += read;
        }
        return (body.ToArray(), length);
    }
}
