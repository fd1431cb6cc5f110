using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Debyard.Server.Configuration;
using Debyard.Tests;

namespace Debyard.Server.Tests;

public sealed class ForgedTokenTests(ForgedTokenTests.LetsJobsIn fixture) : IClassFixture<ForgedTokenTests.LetsJobsIn>
{
    readonly Clock clock = fixture.Clock;
    readonly FakeGitLab gitLab = fixture.GitLab;
    readonly RunningServer server = fixture.Server;

    /// <summary>Each is what a real token becomes when one thing about it is not as it must be.</summary>
    public static TheoryData<string, string> Forgeries =>
        new()
        {
            { "alg none", "RS256" },
            { "alg none, unsigned", "RS256" },
            { "alg HS256 by the public key", "RS256" },
            { "alg RS512", "RS256" },
            { "no alg", "no alg" },
            { "critical extension", "extensions" },
            { "unknown key id", "none of" },
            { "no key id", "no kid" },
            { "own key under its id", "signature" },
            { "own key in its header", "signature" },
            { "payload changed", "signature" },
            { "signature changed", "signature" },
            { "signature of another token", "signature" },
            { "no signature", "signature" },
            { "padded signature", "signature" },
            { "other issuer", "issuer" },
            { "issuer with more behind", "issuer" },
            { "other audience", "audience" },
            { "audience with more behind", "audience" },
            { "no audience", "audience" },
            { "expired", "expired" },
            { "no end", "expired" },
            { "end as text", "expired" },
            { "absurd end", "expired" },
            { "not valid yet", "not valid yet" },
            { "beginning as text", "not valid yet" },
            { "no project", "no project_path" },
            { "absurd project", "no project" },
            { "project not let in", "not let in" },
            { "no ref", "no ref" },
            { "claim twice", "no JWT" },
            { "no JSON", "no JWT" },
            { "array", "no JWT" },
            { "deep", "no JWT" },
            { "huge", "longer than" },
            { "four parts", "none of this" },
        };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_token_that_was_tampered_with_is_refused_with_the_reason_and_changes_nothing(string forgery, string reason)
    {
        var files = server.Files();
        var token = Forge(forgery);
        var package = await SamplePackage.MakeAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, $"feature-x/{package.FileName}")
        {
            Content = new ByteArrayContent(package.Bytes),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);

        using var refused = await server.Http.SendAsync(request);

        var body = await refused.Content.ReadAsStringAsync();
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Contains(reason, body);
        Assert.DoesNotContain(token, body);
        Assert.NotEmpty(refused.Headers.WwwAuthenticate);
        Assert.Equal(files, server.Files());
    }

    string Forge(string forgery)
    {
        var real = Token();
        var (header, claims, signature) = (real.Split('.')[0], real.Split('.')[1], real.Split('.')[2]);
        return forgery switch
        {
            "alg none" => $"{Header("none")}.{claims}.{signature}",
            "alg none, unsigned" => $"{Header("none")}.{claims}.",
            "alg HS256 by the public key" => Hs256(claims),
            "alg RS512" => FakeGitLab.Sign(Json("RS512"), Claims(), gitLab.Key("key-1")),
            "no alg" => FakeGitLab.Sign("""{"kid":"key-1"}""", Claims(), gitLab.Key("key-1")),
            "critical extension" => FakeGitLab.Sign(
                """{"kid":"key-1","alg":"RS256","crit":["b64"],"b64":false}""",
                Claims(),
                gitLab.Key("key-1")
            ),
            "unknown key id" => gitLab.Sign(gitLab.Claims(clock.GetUtcNow()), "key-2", RSA.Create(2048)),
            "no key id" => FakeGitLab.Sign("""{"alg":"RS256"}""", Claims(), gitLab.Key("key-1")),
            "own key under its id" => gitLab.Sign(gitLab.Claims(clock.GetUtcNow()), "key-1", RSA.Create(2048)),
            "own key in its header" => OwnKey(),
            "payload changed" => $"{header}.{Encode(Claims(("ref", "main"), ("ref_protected", "true")))}.{signature}",
            "signature changed" => $"{header}.{claims}.{(signature[0] == 'A' ? 'B' : 'A')}{signature[1..]}",
            "signature of another token" => $"{header}.{claims}.{Token(("ref", "other")).Split('.')[2]}",
            "no signature" => $"{header}.{claims}.",
            "padded signature" => $"{real}==",
            "other issuer" => Token(("iss", "https://gitlab.com")),
            "issuer with more behind" => Token(("iss", gitLab.Url.AbsoluteUri)),
            "other audience" => Token(("aud", "https://other.example.org")),
            "audience with more behind" => Token(("aud", new[] { "https://debyard.example.org.evil.example" })),
            "no audience" => Token(("aud", null)),
            "expired" => Token(("exp", clock.GetUtcNow().AddSeconds(-31).ToUnixTimeSeconds())),
            "no end" => Token(("exp", null)),
            "end as text" => Token(("exp", $"{clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds()}")),
            "absurd end" => Token(("exp", long.MaxValue)),
            "not valid yet" => Token(("nbf", clock.GetUtcNow().AddSeconds(31).ToUnixTimeSeconds())),
            "beginning as text" => Token(("nbf", "0")),
            "no project" => Token(("project_path", null)),
            "absurd project" => Token(("project_path", "video/ streamer\n")),
            "project not let in" => Token(("project_path", "evil/video")),
            "no ref" => Token(("ref", "")),
            "claim twice" => FakeGitLab.Sign(
                Json("RS256"),
                Claims().Replace("{", """{"ref":"main",""", StringComparison.Ordinal),
                gitLab.Key("key-1")
            ),
            "no JSON" => FakeGitLab.Sign(Json("RS256"), "{", gitLab.Key("key-1")),
            "array" => FakeGitLab.Sign(Json("RS256"), "[]", gitLab.Key("key-1")),
            "deep" => FakeGitLab.Sign(Json("RS256"), new string('[', 500), gitLab.Key("key-1")),
            "huge" => Token(("more", new string('x', 8192))),
            "four parts" => $"{real}.x",
            _ => throw new ArgumentException(forgery),
        };
    }

    string OwnKey()
    {
        using var key = RSA.Create(2048);
        var shown = key.ExportParameters(false);
        var jwk = new
        {
            kty = "RSA",
            kid = "key-1",
            n = FakeGitLab.Encode(shown.Modulus!),
            e = FakeGitLab.Encode(shown.Exponent!),
        };
        return FakeGitLab.Sign(
            JsonSerializer.Serialize(
                new
                {
                    alg = "RS256",
                    kid = "key-1",
                    jwk,
                    jku = "http://127.0.0.1:1/",
                }
            ),
            Claims(),
            key
        );
    }

    string Hs256(string claims)
    {
        var signed = $"{Header("HS256")}.{claims}";
        var publicKey = Encoding.ASCII.GetBytes(gitLab.Key("key-1").ExportSubjectPublicKeyInfoPem());
        return $"{signed}.{FakeGitLab.Encode(HMACSHA256.HashData(publicKey, Encoding.ASCII.GetBytes(signed)))}";
    }

    string Token(params (string, object?)[] changes) => gitLab.Token(clock.GetUtcNow(), changes);

    string Claims(params (string, object?)[] changes) => JsonSerializer.Serialize(gitLab.Claims(clock.GetUtcNow(), changes));

    static string Json(string algorithm) =>
        JsonSerializer.Serialize(
            new
            {
                kid = "key-1",
                typ = "JWT",
                alg = algorithm,
            }
        );

    static string Header(string algorithm) => Encode(Json(algorithm));

    static string Encode(string json) => FakeGitLab.Encode(Encoding.UTF8.GetBytes(json));

    /// <summary>One server for all of them, for no forgery changes it.</summary>
    public sealed class LetsJobsIn : IAsyncLifetime
    {
        internal Clock Clock { get; } = new();

        internal FakeGitLab GitLab { get; } = new();

        internal RunningServer Server { get; private set; } = null!;

        public async Task InitializeAsync() =>
            Server = await RunningServer.StartAsync(
                new ServerOptions
                {
                    Repository = new() { Root = "", Time = Clock },
                    Access = GitLab.Access,
                }
            );

        public async Task DisposeAsync()
        {
            await Server.DisposeAsync();
            GitLab.Dispose();
        }
    }
}
