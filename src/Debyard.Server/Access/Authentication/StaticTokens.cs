using System.Security.Cryptography;
using System.Text;

namespace Debyard.Server.Access.Authentication;

/// <summary>The configured tokens. How long a search takes says nothing about any of them.</summary>
sealed class StaticTokens(IReadOnlyList<AccessToken> tokens)
{
    // Digests are of one length, and where two begin to differ tells nothing about the secrets.
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
