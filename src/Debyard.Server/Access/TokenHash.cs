using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Debyard.Server.Access;

/// <summary>
/// The SHA-256 of a static token. A token is random and long, so its hash needs neither salt nor many rounds: nobody can try all tokens.
/// </summary>
public sealed record TokenHash
{
    const int MinSecretLength = 32,
        RandomBytes = 32;

    readonly string digits;

    TokenHash(byte[] digest) => (Digest, digits) = (digest, Convert.ToHexStringLower(digest));

    internal ReadOnlyMemory<byte> Digest { get; }

    /// <summary>A new token for its holder, and its hash for the configuration.</summary>
    public static (string Secret, TokenHash Hash) Create()
    {
        // The prefix lets secret scanners find a token that got into a repository.
        var secret = "debyard_" + Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(RandomBytes));
        return (secret, OfSecret(secret));
    }

    /// <exception cref="FormatException">The text is not 64 hexadecimal digits. The message does not contain it.</exception>
    public static TokenHash Parse(string text) =>
        text.Length == 2 * SHA256.HashSizeInBytes && text.All(char.IsAsciiHexDigit)
            ? new TokenHash(Convert.FromHexString(text))
            : throw new FormatException("a hash has 64 hexadecimal digits; create a token with ./build.sh Token");

    /// <param name="secret">At least 32 printable ASCII characters without spaces, as a netrc file needs them.</param>
    /// <exception cref="FormatException">The token is too short or has other characters. The message does not contain it.</exception>
    public static TokenHash OfSecret(string secret) =>
        secret.Length < MinSecretLength
            ? throw new FormatException($"a token needs at least {MinSecretLength} characters; create one with ./build.sh Token")
        : secret.Any(letter => letter is <= ' ' or > '~')
            ? throw new FormatException("a token may contain only printable ASCII characters and no spaces")
        : new TokenHash(DigestOf(secret));

    internal static byte[] DigestOf(string secret) => SHA256.HashData(Encoding.UTF8.GetBytes(secret));

    public bool Equals(TokenHash? other) => digits == other?.digits;

    public override int GetHashCode() => digits.GetHashCode(StringComparison.Ordinal);

    public override string ToString() => digits;
}
