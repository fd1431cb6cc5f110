using System.Security.Cryptography;

namespace Debyard.Server.Access.Authentication;

/// <summary>The configured tokens. The duration of a search reveals nothing about them.</summary>
sealed class StaticTokens(IReadOnlyList<AccessToken> tokens)
{
    public AccessToken? Find(string secret)
    {
        var digest = TokenHash.DigestOf(secret);
        AccessToken? found = null;
        foreach (var token in tokens)
            if (CryptographicOperations.FixedTimeEquals(token.Hash.Digest.Span, digest))
                found = token;
        return found;
    }
}
