using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Validation;

namespace Debyard.Pipeline.Tests.Validation;

/// <summary>The service is a listener on loopback that gives one response to each connection.</summary>
public sealed class HttpChecksTests : IDisposable
{
    const string Hello = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: 6\r\n\r\nhello\n";

    static readonly HttpCheck check = new("GET", "/");

    readonly TcpListener service = new(IPAddress.Loopback, 0);
    readonly List<string> requests = [];
    Task serving = Task.CompletedTask;

    [Fact]
    public async Task A_response_as_expected_passes()
    {
        Serve(Hello);

        Assert.Null(
            await TryAsync(
                check with
                {
                    Text = TextExpectation.Anything with { Contains = ["hell"] },
                    Length = 6,
                    ContentType = "text/plain",
                }
            )
        );
    }

    [Fact]
    public async Task What_is_not_expected_is_not_checked()
    {
        Serve("HTTP/1.1 204 No Content\r\n\r\n");

        Assert.Null(await TryAsync(check with { Status = 204 }));
    }

    [Fact]
    public async Task A_wrong_status_is_reported_with_the_beginning_of_the_body()
    {
        var body = $"denied\nbecause {new string('x', 300)}";
        Serve($"HTTP/1.1 403 Forbidden\r\nContent-Length: {body.Length}\r\n\r\n{body}");

        Assert.Equal($"status 403, not 200: denied because {new string('x', 185)}…", await TryAsync(check));
    }

    [Fact]
    public async Task A_wrong_content_type_is_reported()
    {
        Serve(Hello);

        Assert.Equal("content type text/plain, not application/json", await TryAsync(check with { ContentType = "application/json" }));
    }

    [Fact]
    public async Task A_missing_content_type_is_reported()
    {
        Serve("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");

        Assert.Equal("content type none, not text/plain", await TryAsync(check with { ContentType = "text/plain" }));
    }

    [Fact]
    public async Task A_wrong_length_is_reported()
    {
        Serve(Hello);

        Assert.Equal("6 bytes, not 7", await TryAsync(check with { Length = 7 }));
    }

    [Fact]
    public async Task A_missing_text_is_reported()
    {
        Serve(Hello);

        Assert.Equal("no 'Hello' in: hello", await TryAsync(check with { Text = TextExpectation.Anything with { Contains = ["Hello"] } }));
    }

    [Fact]
    public async Task Path_and_headers_are_sent_as_the_check_has_them()
    {
        Serve("HTTP/1.1 206 Partial Content\r\nContent-Length: 1\r\n\r\nh");

        Assert.Null(
            await TryAsync(
                check with
                {
                    Path = "/media/a%20b?x=1",
                    Headers = new Dictionary<string, string> { ["Range"] = "bytes=0-0", ["X-Odd"] = "a: b" },
                    Status = 206,
                }
            )
        );

        Assert.StartsWith("GET /media/a%20b?x=1 HTTP/1.1\r\n", requests[0], StringComparison.Ordinal);
        Assert.Contains("X-Odd: a: b\r\n", requests[0], StringComparison.Ordinal);
        Assert.Contains("Range: bytes=0-0\r\n", requests[0], StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", requests[0], StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_redirect_is_a_response_and_is_not_followed()
    {
        Serve("HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n", Hello);

        Assert.Equal("status 302, not 200: ", await TryAsync(check));
        Assert.Single(requests);
    }

    [Fact]
    public async Task A_connection_closed_without_a_response_is_no_answer()
    {
        Serve("", "", "", "", "", ""); // HttpClient tries again

        Assert.StartsWith("no answer: ", await TryAsync(check), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_service_that_never_responds_is_no_answer()
    {
        service.Start(); // connects, but nothing reads

        using var checks = new HttpChecks(ConnectAsync, TimeSpan.FromMilliseconds(300));

        Assert.Equal("no answer within 0.3 s", await checks.TryAsync(check, CancellationToken.None));
    }

    [Fact]
    public async Task A_cancelled_check_is_cancelled_and_not_a_failed_one()
    {
        service.Start();
        using var cancellation = new CancellationTokenSource();
        using var checks = new HttpChecks(ConnectAsync);

        var trying = checks.TryAsync(check, cancellation.Token);
        await cancellation.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => trying);
    }

    [Fact]
    public async Task A_service_has_answered_once_it_gives_any_response()
    {
        Serve("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n");
        var attempts = 0;
        using var checks = new HttpChecks(token =>
            ++attempts < 3 ? throw new SocketException((int)SocketError.ConnectionRefused) : ConnectAsync(token)
        );

        Assert.True(await checks.WaitUntilAnsweredAsync("/", () => false, CancellationToken.None));
        Assert.Equal(3, attempts);
    }

    [Fact]
    public async Task Nothing_waits_for_a_service_that_has_exited()
    {
        var attempts = 0;
        using var checks = new HttpChecks(_ =>
        {
            attempts++;
            throw new SocketException((int)SocketError.ConnectionRefused);
        });

        Assert.False(await checks.WaitUntilAnsweredAsync("/", () => attempts == 2, CancellationToken.None));
        Assert.Equal(2, attempts);
    }

    [Fact]
    public async Task The_wait_for_a_service_that_never_responds_ends()
    {
        service.Start();
        using var checks = new HttpChecks(ConnectAsync, TimeSpan.FromMilliseconds(300));

        Assert.False(await checks.WaitUntilAnsweredAsync("/", () => false, CancellationToken.None));
    }

    async Task<string?> TryAsync(HttpCheck expected)
    {
        using var checks = new HttpChecks(ConnectAsync);
        return await checks.TryAsync(expected, CancellationToken.None);
    }

    async Task<Stream> ConnectAsync(CancellationToken cancellation)
    {
        var client = new TcpClient();
        await client.ConnectAsync((IPEndPoint)service.LocalEndpoint, cancellation);
        return client.GetStream();
    }

    void Serve(params string[] responses)
    {
        service.Start();
        serving = Task.Run(async () =>
        {
            foreach (var response in responses)
            {
                using var connection = await service.AcceptTcpClientAsync();
                await using var stream = connection.GetStream();
                using var reader = new StreamReader(stream, leaveOpen: true);
                var request = new StringBuilder();
                while (await reader.ReadLineAsync() is { Length: > 0 } line)
                {
                    request.Append(line).Append("\r\n");
                }
                requests.Add(request.ToString());
                await stream.WriteAsync(Encoding.UTF8.GetBytes(response));
            }
        });
    }

    public void Dispose()
    {
        service.Stop();
        try
        {
            serving.Wait();
        }
        catch (AggregateException end) when (end.InnerException is SocketException or ObjectDisposedException)
        {
            // The test ended before it needed all responses.
        }
    }
}
