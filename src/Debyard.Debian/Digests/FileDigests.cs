namespace Debyard.Debian.Digests;

/// <summary>What identifies a file's content: its size in bytes and its digests in lower-case hexadecimal.</summary>
public sealed record FileDigests(long Size, string Md5, string Sha1, string Sha256)
{
    /// <summary>Reads the stream to its end.</summary>
    public static async Task<FileDigests> ComputeAsync(Stream content, CancellationToken cancellation = default)
    {
        await using var digesting = new DigestingStream(Stream.Null);
        await content.CopyToAsync(digesting, DigestingStream.BlockSize, cancellation);
        return await digesting.CompleteAsync(cancellation);
    }
}
