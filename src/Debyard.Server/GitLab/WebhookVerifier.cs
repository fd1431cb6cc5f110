using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Debyard.Server.Configuration;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.GitLab;

/// <summary>
/// Verifies that a webhook comes from a holder of one of the secrets: by its signature or, if it has none that verifies, by the plain
/// <c>X-Gitlab-Token</c>. https://docs.gitlab.com/user/project/integrations/webhooks/
/// </summary>
sealed class WebhookVerifier(IReadOnlyList<WebhookSecret> secrets, TimeProvider time)
{
    const int MaxIds = 10_000;

    /// <summary>How far a webhook's timestamp may be from this clock, as the Standard Webhooks specification has it.</summary>
    static readonly TimeSpan tolerance = TimeSpan.FromMinutes(5);

    // Bounded by count, not by time: stepping the clock back must not make an old webhook new. Only verified ones enter.
    readonly HashSet<string> ids = [];
    readonly Queue<string> oldest = [];
    readonly Lock remembering = new();
    readonly (byte[] Digest, WebhookSecret Secret)[] tokens =
    [
        .. secrets.Where(secret => secret.Key is null).Select(secret => (SHA256.HashData(Encoding.UTF8.GetBytes(secret.Secret)), secret)),
    ];

    /// <returns>Whether it is to be used, and the secret that it was sent with.</returns>
    public (WebhookOutcome Outcome, WebhookSecret? Secret) Verify(IHeaderDictionary headers, ReadOnlySpan<byte> body)
    {
        string? id = headers["webhook-id"],
            timestamp = headers["webhook-timestamp"];
        if (
            id is { Length: > 0 and <= 256 }
            && timestamp is { Length: > 0 and <= 20 }
            && Signer(headers, id, timestamp, body) is { } signer
        )
            return !IsNow(timestamp) ? (WebhookOutcome.WrongTime, signer)
                : !TryRemember(id) ? (WebhookOutcome.Repeated, signer)
                : (WebhookOutcome.Accepted, signer);
        return FindByToken(headers["X-Gitlab-Token"]) is { } secret ? (WebhookOutcome.Accepted, secret) : (WebhookOutcome.Forged, null);
    }

    WebhookSecret? Signer(IHeaderDictionary headers, string id, string timestamp, ReadOnlySpan<byte> body)
    {
        // While a key is replaced there can be several signatures.
        var signatures = ((string?)headers["webhook-signature"] ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries);
        byte[] signed = [.. Encoding.UTF8.GetBytes($"{id}.{timestamp}."), .. body];
        WebhookSecret? signer = null;
        foreach (var secret in secrets.Where(secret => secret.Key is not null))
        {
            var expected = Encoding.ASCII.GetBytes($"v1,{Convert.ToBase64String(HMACSHA256.HashData(secret.Key!, signed))}");
            foreach (var signature in signatures)
                if (CryptographicOperations.FixedTimeEquals(expected, Encoding.UTF8.GetBytes(signature)))
                    signer = secret;
        }
        return signer;
    }

    // Digests have the same length, and their first difference reveals nothing about the secrets.
    WebhookSecret? FindByToken(string? token)
    {
        if (token is not { Length: > 0 })
            return null;
        var digest = SHA256.HashData(Encoding.UTF8.GetBytes(token));
        WebhookSecret? found = null;
        foreach (var (candidate, secret) in tokens)
            if (CryptographicOperations.FixedTimeEquals(candidate, digest))
                found = secret;
        return found;
    }

    bool IsNow(string timestamp) =>
        long.TryParse(timestamp, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        && Math.Abs(time.GetUtcNow().ToUnixTimeSeconds() - (double)seconds) <= tolerance.TotalSeconds;

    bool TryRemember(string id)
    {
        lock (remembering)
        {
            if (!ids.Add(id))
                return false;
            oldest.Enqueue(id);
            if (oldest.Count > MaxIds)
                ids.Remove(oldest.Dequeue());
            return true;
        }
    }
}
