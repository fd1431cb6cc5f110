using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Debyard.Pipeline.Tests.Validation.Checks;

public sealed class HttpCheckTests : IDisposable
{
    readonly CheckedMachine machine = new();

    [Theory]
    [InlineData("{ get: / }")]
    [InlineData("{ get: /, status: 200, contains: hell, not-contains: bye, matches: '^h.*o$', length: 6 }")]
    [InlineData("{ get: /, content-type: text/plain }")]
    [InlineData("{ get: /, response-headers: { X-Kind: small, content-type: { matches: '^text/' }, ETag: { absent: true } } }")]
    public async Task A_response_as_expected_passes(string check) => Assert.Null(await TryAsync(check, Hello));

    [Theory]
    [InlineData("{ get: /, status: 204 }", "status 204, got status 200: hello")]
    [InlineData("{ get: /, content-type: application/json }", "content type application/json, got content type text/plain")]
    [InlineData("{ get: /, length: 7 }", "7 bytes, got 6 bytes")]
    [InlineData("{ get: /, contains: [hell, Hello] }", "a body that contains 'Hello', got hello")]
    [InlineData("{ get: /, not-contains: ell }", "a body without 'ell', got hello")]
    [InlineData("{ get: /, matches: '^ello' }", "a body that matches /^ello/, got hello")]
    [InlineData("{ get: /, response-headers: { X-Kind: large } }", "a header X-Kind that is exactly 'large', got small")]
    [InlineData("{ get: /, response-headers: { X-Kind: { absent: true } } }", "no header X-Kind, got X-Kind: small")]
    [InlineData("{ get: /, response-headers: { ETag: x } }", "a header ETag, got a response without it")]
    [InlineData("{ get: /, redirect: /a }", "a redirect, got status 200: hello")]
    [InlineData(
        "{ get: /, json: { $.a: 1 } }",
        "a JSON body, got hello (Unexpected character encountered while parsing value: h. Path '', line 0, position 0.)"
    )]
    public async Task What_is_not_as_expected_is_named(string check, string message) =>
        Assert.Equal($"GET /: expected {message}", await TryAsync(check, Hello));

    [Fact]
    public async Task A_regular_expression_that_takes_too_long_is_ended() =>
        Assert.Equal(
            "GET /: expected a body that matches /^(h+)+$/, got no result within 2 s: simplify the expression",
            await TryAsync("{ get: /, matches: '^(h+)+$' }", ScriptedService.Http(new string('h', 60) + "!"))
        );

    [Theory]
    [InlineData("{ $.status: ok, '$.items[0].id': 3, '$.items[?(@.id > 3)].name': b, status: { matches: ^o } }")]
    [InlineData("{ $.none: { exists: false }, $.null: null, $.ratio: 1, $.tags: [a, 2], $.quoted: \"3\", $.when: '2026-01-01T00:00:00Z' }")]
    [InlineData("{ $.items: { exists: true }, '$.items[*].id': 4 }")]
    public async Task Values_of_a_json_body_are_compared(string json) => Assert.Null(await TryAsync($"{{ get: /, json: {json} }}", Json));

    [Theory]
    [InlineData("{ $.status: okay }", "\"okay\" at $.status, got \"ok\"")]
    [InlineData("{ $.quoted: 3 }", "3 at $.quoted, got \"3\"")]
    [InlineData("{ '$.items[*].id': 5 }", "5 at $.items[*].id, got 3, 4")]
    [InlineData("{ $.none: { exists: true } }", "a value at $.none, got nothing there")]
    [InlineData("{ $.status: { exists: false } }", "nothing at $.status, got \"ok\"")]
    [InlineData("{ $.status: { contains: x } }", "a value at $.status that contains 'x', got ok")]
    public async Task A_wrong_value_of_a_json_body_is_named(string json, string message) =>
        Assert.Equal($"GET /: expected {message}", await TryAsync($"{{ get: /, json: {json} }}", Json));

    [Fact]
    public async Task Method_path_headers_and_body_are_sent_as_the_check_has_them()
    {
        using var service = new ScriptedService(ScriptedService.Http("", "201 Created"), ScriptedService.Http(""));
        machine.Write("upload.json", "{\"a\":1}");

        Assert.Null(
            await machine.CheckAsync("{ http: 'PUT /a%20b/../c?x=1', headers: { X-Odd: 'a: b' }, body: hello, status: 201 }", service.Port)
        );
        Assert.Null(
            await machine.CheckAsync("{ http: POST /, headers: { Content-Type: application/json }, body-file: upload.json }", service.Port)
        );

        Assert.StartsWith("PUT /a%20b/../c?x=1 HTTP/1.1\r\n", service.Requests[0], StringComparison.Ordinal);
        Assert.Contains("X-Odd: a: b\r\n", service.Requests[0], StringComparison.Ordinal);
        Assert.Contains("Connection: close\r\n", service.Requests[0], StringComparison.Ordinal);
        Assert.Contains($"Host: 127.0.0.1:{service.Port}\r\n", service.Requests[0], StringComparison.Ordinal);
        Assert.EndsWith("hello", service.Requests[0], StringComparison.Ordinal);
        Assert.Contains("Content-Type: application/json\r\n", service.Requests[1], StringComparison.Ordinal);
        Assert.EndsWith("{\"a\":1}", service.Requests[1], StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("0-1", "0-1/6", "he", null)]
    [InlineData("4-", "4-5/6", "o\n", null)]
    [InlineData("-2", "4-5/6", "o\n", null)]
    [InlineData("0-99", "0-5/6", "hello\n", null)]
    [InlineData("0-1", "1-2/6", "el", "Content-Range: bytes 0-1/6, got Content-Range: bytes 1-2/6")]
    [InlineData("0-1", "0-1/6", "hel", "2 bytes, got 3 bytes")]
    public async Task A_range_is_compared_with_what_came(string range, string part, string body, string? message)
    {
        var response = ScriptedService.Http(body, "206 Partial Content", $"Content-Range: bytes {part}\r\n");

        var failure = await TryAsync($"{{ get: /, range: {range} }}", response);

        Assert.Equal(message is null ? null : $"GET / (Range: bytes={range}): expected {message}", failure);
    }

    [Fact]
    public async Task A_redirect_is_compared_and_followed_only_if_asked()
    {
        var found = ScriptedService.Http("", "302 Found", "Location: /elsewhere\r\n");

        Assert.Null(await TryAsync("{ get: /, redirect: /elsewhere }", found));
        Assert.Null(await TryAsync("{ get: /, status: 302 }", found));
        Assert.Equal("GET /: expected a redirect to /a, got Location: /elsewhere", await TryAsync("{ get: /, redirect: /a }", found));
        Assert.Equal("GET /: expected status 200, got status 302: nothing", await TryAsync("{ get: / }", found));
        Assert.Null(await TryAsync("{ get: /, follow: true, contains: hello }", found, Hello));
    }

    [Fact]
    public async Task A_certificate_is_verified_as_the_check_says()
    {
        using var certificate = Certificate("streamer.example");
        machine.Write("ca.pem", certificate.ExportCertificatePem());
        using var service = new ScriptedService(IPAddress.Loopback, certificate, Enumerable.Repeat(Hello, 5));

        Assert.Null(await machine.CheckAsync("{ get: /, tls: { insecure: true } }", service.Port));
        Assert.Null(await machine.CheckAsync("{ get: /, tls: { ca: ca.pem, host: streamer.example } }", service.Port));
        Assert.Null(
            await machine.CheckAsync(
                $"{{ get: /, tls: {{ ca: {machine.Folder}/ca.pem }}, headers: {{ Host: streamer.example }} }}",
                service.Port
            )
        );
        Assert.StartsWith(
            "GET /: expected status 200, got no valid answer: The remote certificate is invalid",
            await machine.CheckAsync("{ get: /, tls: { ca: ca.pem } }", service.Port),
            StringComparison.Ordinal
        );
        Assert.StartsWith(
            "GET /: expected status 200, got no valid answer: The remote certificate is invalid",
            await machine.CheckAsync("{ get: /, tls: true }", service.Port),
            StringComparison.Ordinal
        );
    }

    const string Hello = "HTTP/1.1 200 OK\r\nContent-Type: text/plain; charset=utf-8\r\nX-Kind: small\r\nContent-Length: 6\r\n\r\nhello\n";

    static readonly string Json = ScriptedService.Http(
        """
        { "status": "ok", "items": [ { "id": 3, "name": "a" }, { "id": 4, "name": "b" } ], "null": null, "ratio": 1.0,
          "tags": ["a", 2], "quoted": "3", "when": "2026-01-01T00:00:00Z" }
        """
    );

    async Task<string?> TryAsync(string check, params string[] responses)
    {
        using var service = new ScriptedService(responses);
        return await machine.CheckAsync(check, service.Port);
    }

    static X509Certificate2 Certificate(string host)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest($"CN={host}", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName(host);
        request.CertificateExtensions.Add(names.Build());
        return request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
    }

    public void Dispose() => machine.Dispose();
}
