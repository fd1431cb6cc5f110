using System.Security.Cryptography;
using System.Text;

namespace Debyard.Server.Access.Authentication;

/// <summary>The configured tokens. The duration of a search reveals nothing about them.</summary>
sealed class StaticTokens(IReadOnlyList<AccessToken> tokens)
{
    // Digests have the same length, and their first difference reveals nothing about the secrets.
    readonly (byte[] Digest, AccessToken Token)[] known = [.. tokens.Select(token => (Digest(token.Secret), token))];

    public AccessToken? Find(string secret)
    {
        var digest = Digest(secret);
        AccessToken? found = null;
        foreach (var (candidate, token) in known)
            if (CryptographicOperations.FixedTimeEquals(candidate, digest))
                found = token;
        return found;
    }

    static byte[] Digest(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));
}
