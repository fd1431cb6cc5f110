using System.Security.Cryptography;

namespace Debyard.Debian;

/// <summary>
/// Passes what is written on to another stream and digests it on the way: MD5, SHA-1 and SHA-256 beside each other, and beside the writing,
/// while the caller gathers the next block. The inner stream stays open. Not for two writers at once.
/// </summary>
public sealed class DigestingStream(Stream inner) : WritingStream
{
    /// <summary>Bytes that are digested and written together.</summary>
    public const int BlockSize = 512 * 1024;

    readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    readonly IncrementalHash sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    byte[] gathering = new byte[BlockSize];
    byte[]? inHand;
    int gathered;
    long size;
    Task block = Task.CompletedTask;
    FileDigests? digests;

    /// <summary>The digests of all that was written.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="CompleteAsync"/>.</exception>
    public FileDigests Digests => digests ?? throw new InvalidOperationException("The digests are known once the stream is completed.");

    /// <summary>Writes what is left and answers the digests; nothing can be written after it.</summary>
    public async Task<FileDigests> CompleteAsync(CancellationToken cancellation = default)
    {
        if (digests is null)
        {
            await FlushAsync(cancellation);
            digests = new FileDigests(size, Hex(md5), Hex(sha1), Hex(sha256));
        }
        return digests;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (Gather(buffer.Span) is var taken && taken > 0)
        {
            buffer = buffer[taken..];
            if (gathered == BlockSize)
                await PassOnAsync(cancellationToken);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (Gather(buffer) is var taken && taken > 0)
        {
            buffer = buffer[taken..];
            if (gathered == BlockSize)
                PassOnAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await PassOnAsync(cancellationToken);
        await block;
        await inner.FlushAsync(cancellationToken);
    }

    public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

    int Gather(ReadOnlySpan<byte> buffer)
    {
        if (digests is not null)
            throw new InvalidOperationException("The stream is completed.");
        var taken = Math.Min(buffer.Length, BlockSize - gathered);
        buffer[..taken].CopyTo(gathering.AsSpan(gathered));
        gathered += taken;
        return taken;
    }

    async Task PassOnAsync(CancellationToken cancellation)
    {
        await block;
        var full = gathering.AsMemory(0, gathered);
        (gathering, inHand) = (inHand ?? new byte[BlockSize], gathering);
        gathered = 0;
        size += full.Length;
        block = ProcessAsync(full, cancellation);
    }

    async Task ProcessAsync(ReadOnlyMemory<byte> full, CancellationToken cancellation)
    {
        const int tooSmallToShare = 16 * 1024;
        if (full.Length < tooSmallToShare)
        {
            md5.AppendData(full.Span);
            sha1.AppendData(full.Span);
            sha256.AppendData(full.Span);
            await inner.WriteAsync(full, cancellation);
            return;
        }
        // MD5 takes as long as the other two together, so it comes first.
        await Task.WhenAll(
            Task.Run(() => md5.AppendData(full.Span), CancellationToken.None),
            Task.Run(() => sha1.AppendData(full.Span), CancellationToken.None),
            Task.Run(() => sha256.AppendData(full.Span), CancellationToken.None),
            inner.WriteAsync(full, cancellation).AsTask());
    }

    static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <summary>Drops what was not completed; a block still being digested is waited for.</summary>
    public override async ValueTask DisposeAsync()
    {
        await block.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            block.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            md5.Dispose();
            sha1.Dispose();
            sha256.Dispose();
        }
        base.Dispose(disposing);
    }

    public override bool CanWrite => digests is null;

    /// <summary>Bytes written so far.</summary>
    public override long Length => size + gathered;
}
