using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;

namespace Debyard.Server.Endpoints;

/// <summary>Positions in the journal, encrypted for those who must not learn them. They are valid until the server stops.</summary>
sealed class SealedPositions
{
    // All positions have the same length then.
    const int Length = 32;

    readonly byte[] key = RandomNumberGenerator.GetBytes(32);

    public string Seal(string position)
    {
        var sealedPosition = new byte[AesGcm.NonceByteSizes.MaxSize + AesGcm.TagByteSizes.MaxSize + Length];
        var (nonce, tag, content) = Parts(sealedPosition);
        RandomNumberGenerator.Fill(nonce.Span);
        using var cipher = Cipher();
        cipher.Encrypt(nonce.Span, Encoding.ASCII.GetBytes(position.PadRight(Length)), content.Span, tag.Span);
        return Base64Url.EncodeToString(sealedPosition);
    }

    /// <exception cref="FormatException">The text is not a position that this server has sealed.</exception>
    public string Open(string text)
    {
        try
        {
            var (nonce, tag, content) = Parts(Base64Url.DecodeFromChars(text));
            using var cipher = Cipher();
            var position = new byte[content.Length];
            cipher.Decrypt(nonce.Span, content.Span, tag.Span, position);
            return Encoding.ASCII.GetString(position).TrimEnd();
        }
        catch (Exception fault) when (fault is FormatException or ArgumentException or CryptographicException)
        {
            throw new FormatException(
                $"'{text}' is not a position in the journal; pass the 'next' of an answer that the server gave since its start.",
                fault
            );
        }
    }

    AesGcm Cipher() => new(key, AesGcm.TagByteSizes.MaxSize);

    static (Memory<byte> Nonce, Memory<byte> Tag, Memory<byte> Content) Parts(byte[] bytes)
    {
        var (nonce, tag) = (AesGcm.NonceByteSizes.MaxSize, AesGcm.TagByteSizes.MaxSize);
        return (bytes.AsMemory(0, nonce), bytes.AsMemory(nonce, tag), bytes.AsMemory(nonce + tag));
    }
}
