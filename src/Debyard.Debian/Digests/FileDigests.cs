using Debyard.Debian.Names;

namespace Debyard.Debian.Digests;

/// <summary>The size of a file in bytes and its digests, which identify its content; MD5 and SHA-1 in lower-case hexadecimal.</summary>
public sealed record FileDigests(long Size, string Md5, string Sha1, Sha256 Sha256)
{
    /// <summary>Computes the digests of a stream, which is read to its end.</summary>
    public static async Task<FileDigests> ComputeAsync(Stream content, CancellationToken cancellation = default)
    {
        await using var digesting = new DigestingStream(Stream.Null);
        await content.CopyToAsync(digesting, DigestingStream.BlockSize, cancellation);
        return await digesting.CompleteAsync(cancellation);
    }
}
