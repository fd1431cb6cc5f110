using System.Security.Cryptography;
using System.Text.Json;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using Microsoft.IdentityModel.Protocols;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Microsoft.IdentityModel.Tokens;

namespace Debyard.Server.Access.Authentication;

/// <summary>
/// The keys that a GitLab signs id_tokens with, found through its OpenID Connect discovery document and cached for an hour. An unknown key
/// id makes the server fetch them again, at most twice a minute. The library's ConfigurationManager refreshes in the background, so the
/// first job after a key rotation would be refused, and it trusts withdrawn keys for as long as GitLab does not answer.
/// </summary>
sealed class GitLabSigningKeys(GitLabAccess gitLab, TimeProvider time, ILogger<GitLabSigningKeys> log) : IDisposable
{
    const int MinKeyBits = 2048;

    static readonly TimeSpan lifetime = TimeSpan.FromHours(1),
        minFetchInterval = TimeSpan.FromSeconds(30);

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 256 * 1024,
    };
    readonly SemaphoreSlim fetching = new(1);
    volatile Fetched fetched = new([], DateTimeOffset.MinValue);
    DateTimeOffset nextFetch = DateTimeOffset.MinValue;

    /// <returns>Null if GitLab has no such key.</returns>
    /// <exception cref="RefusedException">GitLab does not answer with its keys.</exception>
    public async Task<SecurityKey?> FindAsync(string keyId, CancellationToken cancellation)
    {
        if (Cached(keyId) is { } key)
            return key;
        await fetching.WaitAsync(cancellation);
        try
        {
            // Another request may have fetched the key while this one waited.
            if (Cached(keyId) is null && time.GetUtcNow() >= nextFetch)
            {
                nextFetch = time.GetUtcNow() + minFetchInterval;
                fetched = new Fetched(await FetchAsync(), time.GetUtcNow());
            }
        }
        catch (Exception fault)
            when (fault
                    is IOException
                        or InvalidDataException
                        or ArgumentException
                        or FormatException
                        or JsonException
                        or CryptographicException
            )
        {
            log.LogError("Cannot fetch the signing keys of {Issuer}: {Reason}", gitLab.Issuer, Reason(fault));
        }
        finally
        {
            fetching.Release();
        }
        return Cached(keyId) is { } found ? found
            : IsFresh ? null
            : throw new RefusedException(
                StatusCodes.Status503ServiceUnavailable,
                "Cannot fetch GitLab's signing keys, so the id_token cannot be verified; retry shortly."
            )
            {
                RetryAfter = minFetchInterval,
            };
    }

    bool IsFresh => time.GetUtcNow() - fetched.At < lifetime;

    SecurityKey? Cached(string keyId) => IsFresh ? Array.Find(fetched.Keys, key => key.KeyId == keyId) : null;

    // Not cancelled with the request that started it: other requests wait for it as well.
    async Task<RsaSecurityKey[]> FetchAsync()
    {
        var configuration = await OpenIdConnectConfigurationRetriever.GetAsync(
            $"{gitLab.Issuer}/.well-known/openid-configuration",
            new HttpDocumentRetriever(http) { RequireHttps = gitLab.Url.Scheme == Uri.UriSchemeHttps, SendAdditionalHeaderData = false },
            CancellationToken.None
        );
        // OpenID Connect Discovery 1.0, 4.3
        if (configuration.Issuer != gitLab.Issuer)
            throw new InvalidDataException($"its discovery document is that of {configuration.Issuer}");
        RsaSecurityKey[] keys =
        [
            .. (configuration.JsonWebKeySet?.Keys ?? [])
                .Where(key => key is { Kty: JsonWebAlgorithmsKeyTypes.RSA, Use: null or "sig", Kid.Length: > 0 })
                .Where(key => key.Alg is null or SecurityAlgorithms.RsaSha256 && key.N is not null && key.E is not null)
                .Select(key => new RsaSecurityKey(
                    new RSAParameters { Modulus = Base64UrlEncoder.DecodeBytes(key.N), Exponent = Base64UrlEncoder.DecodeBytes(key.E) }
                )
                {
                    KeyId = key.Kid,
                })
                .Where(key => key.KeySize >= MinKeyBits),
        ];
        return keys.Length > 0 ? keys : throw new InvalidDataException($"it has no RSA key of {MinKeyBits} bits or more");
    }

    static string Reason(Exception fault) => fault.InnerException is { } inner ? $"{fault.Message} {Reason(inner)}" : fault.Message;

    public void Dispose()
    {
        http.Dispose();
        fetching.Dispose();
    }

    sealed record Fetched(RsaSecurityKey[] Keys, DateTimeOffset At);
}
