using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Access.Authentication;

/// <summary>
/// The keys a GitLab signs id_tokens with (RFC 7517), kept for an hour. A key id that is not among them has them fetched again, but
/// not more than twice a minute, whatever is asked for.
/// </summary>
sealed class GitLabKeys : IDisposable
{
    const int SmallestModulus = 2048 / 8;

    static readonly TimeSpan lifetime = TimeSpan.FromHours(1),
        pause = TimeSpan.FromSeconds(30);

    readonly HttpClient http = new(new SocketsHttpHandler { AllowAutoRedirect = false })
    {
        Timeout = TimeSpan.FromSeconds(10),
        MaxResponseContentBufferSize = 256 * 1024,
    };
    readonly SemaphoreSlim fetching = new(1);
    readonly Uri address;
    readonly TimeProvider time;
    readonly ILogger log;
    volatile Fetched known = new(new Dictionary<string, RSAParameters>(), DateTimeOffset.MinValue);
    DateTimeOffset nextFetch = DateTimeOffset.MinValue;

    public GitLabKeys(GitLabAccess gitLab, TimeProvider time, ILogger<GitLabKeys> log)
    {
        (this.time, this.log) = (time, log);
        address = new Uri($"{gitLab.Issuer}/oauth/discovery/keys");
    }

    /// <returns>Null where GitLab has no such key.</returns>
    /// <exception cref="RefusedException">GitLab does not answer.</exception>
    public async Task<RSAParameters?> FindAsync(string keyId, CancellationToken cancellation)
    {
        if (Find(keyId) is { } key)
            return key;
        await fetching.WaitAsync(cancellation);
        try
        {
            // Who waited for another's fetch has its result.
            if (Find(keyId) is null && time.GetUtcNow() >= nextFetch)
            {
                nextFetch = time.GetUtcNow() + pause;
                known = new Fetched(await FetchAsync(), time.GetUtcNow());
            }
        }
        catch (Exception fault) when (fault is HttpRequestException or TaskCanceledException or JsonException)
        {
            log.LogError("{Address} does not answer with keys: {Reason}", address, fault.Message);
        }
        finally
        {
            fetching.Release();
        }
        return Find(keyId) is { } found ? found
            : IsFresh ? null
            : throw new RefusedException(
                StatusCodes.Status503ServiceUnavailable,
                "GitLab's keys cannot be had now, so nobody knows whose the id_token is. Send the request again."
            )
            {
                RetryAfter = pause,
            };
    }

    bool IsFresh => time.GetUtcNow() - known.At < lifetime;

    RSAParameters? Find(string keyId) => IsFresh && known.Keys.TryGetValue(keyId, out var key) ? key : null;

    // Not ended by the request it is for: others wait for it too.
    async Task<IReadOnlyDictionary<string, RSAParameters>> FetchAsync()
    {
        using var document = JsonDocument.Parse(await http.GetByteArrayAsync(address));
        var keys = new Dictionary<string, RSAParameters>();
        if (
            document.RootElement.ValueKind == JsonValueKind.Object
            && document.RootElement.TryGetProperty("keys", out var list)
            && list.ValueKind == JsonValueKind.Array
        )
            foreach (var one in list.EnumerateArray())
                if (one.ValueKind == JsonValueKind.Object && Text(one, "kid") is { } keyId && Parse(one) is { } key)
                    keys[keyId] = key;
        return keys.Count > 0 ? keys : throw new JsonException("there is no RSA key of 2048 bits or more in it");
    }

    static RSAParameters? Parse(JsonElement key)
    {
        if (Text(key, "kty") != "RSA" || Text(key, "use") is not (null or "sig") || Text(key, "alg") is not (null or "RS256"))
            return null;
        return Bytes(Text(key, "n")) is { Length: >= SmallestModulus } modulus && Bytes(Text(key, "e")) is { Length: > 0 } exponent
            ? new RSAParameters { Modulus = modulus, Exponent = exponent }
            : null;
    }

    static byte[]? Bytes(string? text)
    {
        try
        {
            return text is null ? null : Base64Url.DecodeFromChars(text);
        }
        catch (FormatException)
        {
            return null;
        }
    }

    static string? Text(JsonElement key, string name) =>
        key.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    public void Dispose()
    {
        http.Dispose();
        fetching.Dispose();
    }

    sealed record Fetched(IReadOnlyDictionary<string, RSAParameters> Keys, DateTimeOffset At);
}
