using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests.Access;

public sealed class ForgedTokenTests(ForgedTokenTests.LetsJobsIn fixture) : IClassFixture<ForgedTokenTests.LetsJobsIn>
{
    readonly Clock clock = fixture.Clock;
    readonly FakeGitLab gitLab = fixture.GitLab;
    readonly RunningServer server = fixture.Server;

    /// <summary>Forgeries of a valid token, each with a single defect, and the reason given for its refusal.</summary>
    public static TheoryData<string, string> Forgeries =>
        new()
        {
            { "alg none", "RS256" },
            { "alg none, unsigned", "RS256" },
            { "alg HS256 by the public key", "RS256" },
            { "alg RS512", "RS256" },
            { "no alg", "no alg" },
            { "critical extension", "extensions" },
            { "unknown key id", "no such signing key" },
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
            { "absurd project", "not a valid project path" },
            { "project not let in", "not admitted" },
            { "no ref", "no ref" },
            { "claim twice", "not a JWT" },
            { "no JSON", "not a JWT" },
            { "array", "not a JWT" },
            { "deep", "not a JWT" },
            { "huge", "longer than" },
            { "four parts", "does not know the token" },
            { "encrypted", "does not know the token" },
            { "nested", "not a JWT" },
            { "alg none in capitals", "RS256" },
            { "alg twice", "not a JWT" },
            { "alg HS256 by the key's bytes", "RS256" },
            { "alg HS256 by the PKCS#1 key", "RS256" },
            { "alg PS256", "RS256" },
            { "key of another host in its header", "signature" },
            { "certificate in its header", "signature" },
            { "key id of another case", "no such signing key" },
            { "end twice", "not a JWT" },
            { "end as null", "not a JWT" },
            { "end as fraction", "expired" },
            { "audience with a slash behind", "audience" },
            { "audience list without ours", "audience" },
            { "audience as object", "not a JWT" },
            { "empty audience list", "audience" },
            { "issuer as list", "not a JWT" },
            { "project as list", "no project_path" },
            { "not UTF-8", "not a JWT" },
            { "padded claims", "not a JWT" },
        };

    [Theory]
    [MemberData(nameof(Forgeries))]
    public async Task A_forged_token_is_refused_with_the_reason_and_changes_nothing(string forgery, string reason)
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
            "encrypted" => $"{Encode("""{"alg":"RSA-OAEP","enc":"A256GCM","kid":"key-1"}""")}.a2V5.aXY.{claims}.dGFn",
            "nested" => FakeGitLab.Sign("""{"kid":"key-1","alg":"RS256","cty":"JWT"}""", real, gitLab.Key("key-1")),
            "alg none in capitals" => $"{Header("NONE")}.{claims}.",
            "alg twice" => FakeGitLab.Sign("""{"kid":"key-1","alg":"none","alg":"RS256"}""", Claims(), gitLab.Key("key-1")),
            "alg HS256 by the key's bytes" => Hs256(claims, gitLab.Key("key-1").ExportSubjectPublicKeyInfo()),
            "alg HS256 by the PKCS#1 key" => Hs256(claims, Encoding.ASCII.GetBytes(gitLab.Key("key-1").ExportRSAPublicKeyPem())),
            "alg PS256" => FakeGitLab.Sign(Json("PS256"), Claims(), gitLab.Key("key-1"), RSASignaturePadding.Pss),
            "key of another host in its header" => OwnCertificate(withChain: false),
            "certificate in its header" => OwnCertificate(withChain: true),
            "key id of another case" => FakeGitLab.Sign("""{"kid":"KEY-1","alg":"RS256"}""", Claims(), gitLab.Key("key-1")),
            "end twice" => FakeGitLab.Sign(
                Json("RS256"),
                Claims(("exp", clock.GetUtcNow().AddHours(-1).ToUnixTimeSeconds()))
                    .Replace("{", $$"""{"exp":{{clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds()}},""", StringComparison.Ordinal),
                gitLab.Key("key-1")
            ),
            "end as null" => FakeGitLab.Sign(
                Json("RS256"),
                Claims(("exp", null)).Replace("{", """{"exp":null,""", StringComparison.Ordinal),
                gitLab.Key("key-1")
            ),
            "end as fraction" => Token(("exp", clock.GetUtcNow().AddMinutes(5).ToUnixTimeSeconds() + 0.5)),
            "audience with a slash behind" => Token(("aud", "https://debyard.example.org/")),
            "audience list without ours" => Token(("aud", new[] { "https://a.example", "https://b.example" })),
            "audience as object" => Token(("aud", new { x = "https://debyard.example.org" })),
            "empty audience list" => Token(("aud", Array.Empty<string>())),
            "issuer as list" => Token(("iss", new[] { gitLab.Url.AbsoluteUri.TrimEnd('/') })),
            "project as list" => Token(("project_path", new[] { "video/streamer" })),
            "padded claims" => Padded(),
            "not UTF-8" => FakeGitLab.Sign(
                Encoding.UTF8.GetBytes(Json("RS256")),
                [.. Encoding.UTF8.GetBytes(Claims()).Select(letter => letter == (byte)'v' ? (byte)0xff : letter)],
                gitLab.Key("key-1")
            ),
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

    // Signed as it is sent, with the padding that base64url leaves out.
    string Padded()
    {
        var claims = Enumerable
            .Range(0, 3)
            .Select(length => Encode(Claims(("more", new string('x', length)))))
            .First(part => part.Length % 4 != 0);
        var signed = $"{Header("RS256")}.{claims.PadRight((claims.Length + 3) / 4 * 4, '=')}";
        var signature = gitLab.Key("key-1").SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        return $"{signed}.{FakeGitLab.Encode(signature)}";
    }

    // RFC 7515, 4.1.2 and 4.1.5 to 4.1.7: where to find the key, or the key itself.
    string OwnCertificate(bool withChain)
    {
        using var key = RSA.Create(2048);
        var request = new CertificateRequest("CN=gitlab", key, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        var header = new Dictionary<string, object> { ["alg"] = "RS256", ["kid"] = "key-1" };
        if (withChain)
            header["x5c"] = new[] { Convert.ToBase64String(certificate.RawData) };
        else
            (header["jku"], header["x5u"]) = ("http://127.0.0.1:1/keys", "http://127.0.0.1:1/certificate");
        header["x5t"] = FakeGitLab.Encode(certificate.GetCertHash());
        return FakeGitLab.Sign(JsonSerializer.Serialize(header), Claims(), key);
    }

    string Hs256(string claims) => Hs256(claims, Encoding.ASCII.GetBytes(gitLab.Key("key-1").ExportSubjectPublicKeyInfoPem()));

    static string Hs256(string claims, byte[] secret)
    {
        var signed = $"{Header("HS256")}.{claims}";
        return $"{signed}.{FakeGitLab.Encode(HMACSHA256.HashData(secret, Encoding.ASCII.GetBytes(signed)))}";
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

    /// <summary>One server for all tests, because no forgery changes it.</summary>
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
