using System.Buffers.Text;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Debyard.Server.Access;

namespace Debyard.Server.Tests.Access;

/// <summary>A GitLab's discovery document, its keys, and the tokens that its jobs get.</summary>
sealed class FakeGitLab : IDisposable
{
    readonly HttpListener listener = new();
    readonly Dictionary<string, RSA> keys = [];
    int fetches;

    public FakeGitLab()
    {
        Url = new Uri($"http://127.0.0.1:{FreePort()}");
        listener.Prefixes.Add(Url.AbsoluteUri);
        listener.Start();
        AddKey("key-1");
        _ = ServeAsync();
    }

    public Uri Url { get; }

    /// <summary>Admits the jobs of projects below <c>video/</c>.</summary>
    public AccessOptions Access => new() { GitLab = Admitting(new ProjectAccess(new("video/*"))), Protected = [new("release-*")] };

    public GitLabAccess Admitting(params ProjectAccess[] projects) => new(Url, "https://debyard.example.org", projects);

    /// <summary>How often the keys were fetched.</summary>
    public int Fetches => Volatile.Read(ref fetches);

    /// <summary>Sent instead of the keys, unless null.</summary>
    public string? Answer { get; set; }

    /// <summary>Sent instead of the discovery document, unless null.</summary>
    public string? Discovery { get; set; }

    /// <summary>Where requests for the keys are redirected to, unless null.</summary>
    public Uri? Redirect { get; set; }

    public RSA AddKey(string id, int bits = 2048)
    {
        lock (keys)
            return keys[id] = RSA.Create(bits);
    }

    public void RemoveKey(string id)
    {
        lock (keys)
            keys.Remove(id);
    }

    public RSA Key(string id) => keys[id];

    /// <summary>The claims of a job's token with changes; a claim set to null is left out.</summary>
    public Dictionary<string, object?> Claims(DateTimeOffset now, params (string Name, object? Value)[] changes)
    {
        var claims = new Dictionary<string, object?>
        {
            ["iss"] = Url.AbsoluteUri.TrimEnd('/'),
            ["aud"] = "https://debyard.example.org",
            ["iat"] = now.ToUnixTimeSeconds(),
            ["nbf"] = now.AddSeconds(-5).ToUnixTimeSeconds(),
            ["exp"] = now.AddMinutes(5).ToUnixTimeSeconds(),
            ["project_id"] = "7",
            ["project_path"] = "video/streamer",
            ["job_id"] = "302",
            ["ref"] = "feature/x",
            ["ref_type"] = "branch",
            ["ref_protected"] = "false",
        };
        foreach (var (name, value) in changes)
            claims[name] = value;
        return claims.Where(claim => claim.Value is not null).ToDictionary();
    }

    public string Token(DateTimeOffset now, params (string Name, object? Value)[] changes) => Sign(Claims(now, changes));

    public string Sign(object claims, string keyId = "key-1", RSA? key = null) =>
        Sign(
            JsonSerializer.Serialize(
                new
                {
                    kid = keyId,
                    typ = "JWT",
                    alg = "RS256",
                }
            ),
            JsonSerializer.Serialize(claims),
            key ?? Key(keyId)
        );

    public static string Sign(string header, string claims, RSA key, RSASignaturePadding? padding = null) =>
        Sign(Encoding.UTF8.GetBytes(header), Encoding.UTF8.GetBytes(claims), key, padding);

    public static string Sign(byte[] header, byte[] claims, RSA key, RSASignaturePadding? padding = null)
    {
        var signed = $"{Encode(header)}.{Encode(claims)}";
        var signature = key.SignData(Encoding.ASCII.GetBytes(signed), HashAlgorithmName.SHA256, padding ?? RSASignaturePadding.Pkcs1);
        return $"{signed}.{Encode(signature)}";
    }

    public static string Encode(byte[] bytes) => Base64Url.EncodeToString(bytes);

    async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var http = await listener.GetContextAsync();
                var (status, body) = http.Request.RawUrl switch
                {
                    "/.well-known/openid-configuration" => (200, Discovery ?? DiscoveryDocument()),
                    "/oauth/discovery/keys" => AnswerWithKeys(http.Response),
                    _ => (404, ""),
                };
                http.Response.StatusCode = status;
                await http.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                http.Response.Close();
            }
        }
        catch (Exception stopped) when (stopped is HttpListenerException or ObjectDisposedException)
        {
            // Disposed.
        }
    }

    (int Status, string Body) AnswerWithKeys(HttpListenerResponse response)
    {
        Interlocked.Increment(ref fetches);
        if (Redirect is null)
            return (200, Answer ?? Keys());
        response.RedirectLocation = Redirect.AbsoluteUri;
        return (302, "");
    }

    // What GitLab's has, as far as it matters: https://gitlab.com/.well-known/openid-configuration
    string DiscoveryDocument() =>
        JsonSerializer.Serialize(
            new
            {
                issuer = Url.AbsoluteUri.TrimEnd('/'),
                jwks_uri = new Uri(Url, "oauth/discovery/keys"),
                id_token_signing_alg_values_supported = new[] { "RS256" },
            }
        );

    string Keys()
    {
        lock (keys)
            return JsonSerializer.Serialize(
                new
                {
                    keys = keys.Select(pair => (Id: pair.Key, Public: pair.Value.ExportParameters(false)))
                        .Select(key => new
                        {
                            kty = "RSA",
                            kid = key.Id,
                            use = "sig",
                            alg = "RS256",
                            n = Encode(key.Public.Modulus!),
                            e = Encode(key.Public.Exponent!),
                        }),
                }
            );
    }

    static int FreePort()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        return ((IPEndPoint)free.LocalEndpoint).Port;
    }

    public void Dispose()
    {
        listener.Close();
        foreach (var key in keys.Values)
            key.Dispose();
    }
}
