using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Debyard.Server.Access;
using Debyard.Server.Configuration;
using Debyard.Server.Http;
using Debyard.Server.Tests.Access;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Tests;

public sealed class LimitTests
{
    static readonly TestToken ci = new("ci") { Write = ["*"] };

    [Fact]
    public async Task One_upload_too_many_is_told_to_retry_and_then_succeeds()
    {
        await using var server = await StartAsync(new LimitOptions { ConcurrentUploads = 1 });
        var (first, second) = (await SamplePackage.MakeAsync("first"), await SamplePackage.MakeAsync("second"));
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"PUT /main/{first.FileName} HTTP/1.1\r\nHost: x\r\nContent-Length: {first.Bytes.Length}\r\n"
                    + "Connection: close\r\nExpect: 100-continue\r\n\r\n"
            )
        );
        // The server requests the body once it handles the request.
        await stream.ReadExactlyAsync(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length]);

        using var refused = await server.PutAsync("main", second);
        Assert.Equal((HttpStatusCode.ServiceUnavailable, TimeSpan.FromSeconds(1)), (refused.StatusCode, refused.Headers.RetryAfter?.Delta));

        await stream.WriteAsync(first.Bytes);
        Assert.StartsWith("HTTP/1.1 201 ", await new StreamReader(stream).ReadToEndAsync());
        Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("main", second)).StatusCode);
    }

    [Fact]
    public async Task Requests_beyond_the_rate_are_refused_but_health_checks_are_not()
    {
        await using var server = await StartAsync(new LimitOptions { RequestsPerSecond = 1 });

        for (var request = 0; request < 10; request++)
            Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("")).StatusCode);
        using var refused = await GetUntilRefusedAsync();

        Assert.Equal(TimeSpan.FromSeconds(1), refused.Headers.RetryAfter?.Delta);
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("healthz")).StatusCode);

        // On a busy machine the rate allows some requests beyond the burst.
        async Task<HttpResponseMessage> GetUntilRefusedAsync()
        {
            for (var request = 0; request < 1000; request++)
                if (await server.Http.GetAsync("") is { StatusCode: HttpStatusCode.TooManyRequests } response)
                    return response;
            throw new Xunit.Sdk.XunitException("A thousand requests were answered at a rate of one per second.");
        }
    }

    [Fact]
    public async Task A_client_that_guesses_tokens_is_stopped_and_not_even_the_right_one_is_let_in_then()
    {
        await using var server = await StartAsync(
            new LimitOptions { FailuresPerMinute = 3 },
            new AccessOptions { Tokens = [ci.Configured] }
        );

        var answers = new List<HttpStatusCode>();
        for (var guess = 0; guess < 4; guess++)
            answers.Add((await GetAsync($"guess-0123456789-{guess}")).StatusCode);

        Assert.Equal(
            [HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.TooManyRequests],
            answers
        );
        using var right = await GetAsync(ci.Secret);
        Assert.Equal((HttpStatusCode.TooManyRequests, TimeSpan.FromMinutes(1)), (right.StatusCode, right.Headers.RetryAfter?.Delta));
        // Who presents none is not concerned.
        Assert.Equal(HttpStatusCode.OK, (await server.Http.GetAsync("")).StatusCode);

        async Task<HttpResponseMessage> GetAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "");
            request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
            return await server.Http.SendAsync(request);
        }
    }

    [Fact]
    public async Task Refusals_are_logged_with_their_reason_in_one_line_and_counted()
    {
        using var log = new Lines();
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = new AccessOptions { Tokens = [new TestToken("reader") { Read = ["*"] }.Configured] },
                Logging = logging => logging.SetMinimumLevel(LogLevel.Information).AddProvider(log),
            }
        );
        using var counted = new Counted("debyard.refusals", server.Root);

        await server.AskAsync("wrong", HttpMethod.Get, "a%0aforged%20line.sources");
        await server.AskAsync(new TestToken("reader").Secret, HttpMethod.Delete, "api/branches/main");
        await server.AskAsync(null, HttpMethod.Delete, "api/branches/main");

        Assert.Contains(log.Said, line => line.Contains("127.0.0.1 unknown refused with 401: GET /a%0Aforged%20line.sources"));
        Assert.Contains(log.Said, line => line.Contains("token reader refused with 403: DELETE /api/branches/main: The token reader may"));
        Assert.All(log.Said, line => Assert.DoesNotContain('\n', line.TrimEnd()));
        Assert.Equal([401, 403, 401], counted.Statuses);
    }

    [Fact]
    public async Task A_body_over_the_limit_is_413_and_leaves_nothing()
    {
        var package = await SamplePackage.MakeAsync();
        await using var server = await StartAsync(new LimitOptions { LargestUpload = package.Bytes.Length - 1 });
        var files = server.Files();

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, (await server.PutAsync("main", package)).StatusCode);
        Assert.Equal(files, server.Files());
    }

    [Fact]
    public async Task Headers_over_the_limit_are_431()
    {
        await using var server = await StartAsync(new LimitOptions { LargestHeaders = 4096 });
        using var request = new HttpRequestMessage(HttpMethod.Get, "");
        request.Headers.Add("X-Long", new string('x', 4096));

        Assert.Equal(HttpStatusCode.RequestHeaderFieldsTooLarge, (await server.Http.SendAsync(request)).StatusCode);
    }

    [Theory]
    [InlineData("Bearer ", 401)]
    [InlineData("Bearer SECRET-0123456789", 401)]
    [InlineData("Bearer eyJSECRET-0123456789.x.y", 401)]
    [InlineData("Basic U0VDUkVULTAxMjM0NTY3ODk=", 401)] // SECRET-0123456789, without a colon
    [InlineData("Basic %SECRET-0123456789%", 401)]
    [InlineData("Digest SECRET-0123456789", 401)]
    [InlineData("SECRET-0123456789", 401)]
    [InlineData("Bearer SECRET\0-0123456789", 400)]
    [InlineData("Bearer SECRET-0123456789\r\nAuthorization: Bearer ci-0123456789abcdef0123456789abcdef", 401)]
    [InlineData("Bearer ci-0123456789abcdef0123456789abcdef", 200)]
    public async Task No_secret_of_a_request_appears_in_the_log_or_the_answer(string header, int status)
    {
        using var log = new Lines();
        using var gitLab = new FakeGitLab();
        await using var server = await RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Access = gitLab.Access with { Tokens = [ci.Configured] },
                Logging = logging => logging.SetMinimumLevel(LogLevel.Trace).AddProvider(log),
            }
        );
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        var stream = client.GetStream();

        await stream.WriteAsync(
            Encoding.Latin1.GetBytes($"GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: {header}\r\n\r\n")
        );
        var answer = await new StreamReader(stream).ReadToEndAsync();
        await server.StopAsync();

        Assert.StartsWith($"HTTP/1.1 {status} ", answer);
        Assert.DoesNotContain("0123456789", answer);
        Assert.NotEmpty(log.Said);
        Assert.DoesNotContain(
            log.Said,
            line => line.Contains("0123456789", StringComparison.Ordinal) || line.Contains("U0VDUkVU", StringComparison.Ordinal)
        );
    }

    static Task<RunningServer> StartAsync(LimitOptions limits, AccessOptions? access = null) =>
        RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Limits = limits,
                Access = access,
            }
        );

    sealed class Counted : IDisposable
    {
        readonly MeterListener listener = new();

        public Counted(string name, string root)
        {
            listener.InstrumentPublished = (instrument, listening) =>
            {
                if (instrument.Name == name && (string?)instrument.Meter.Scope == root)
                    listening.EnableMeasurementEvents(instrument);
            };
            listener.SetMeasurementEventCallback<long>((_, _, tags, _) => Statuses.Enqueue((int)tags[0].Value!));
            listener.Start();
        }

        public ConcurrentQueue<int> Statuses { get; } = [];

        public void Dispose() => listener.Dispose();
    }

    sealed class Lines : ILoggerProvider, ILogger
    {
        public ConcurrentQueue<string> Said { get; } = [];

        public ILogger CreateLogger(string categoryName) => this;

        public bool IsEnabled(LogLevel logLevel) => true;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => Said.Enqueue($"{formatter(state, exception)} {exception}");

        public void Dispose() { }
    }
}
