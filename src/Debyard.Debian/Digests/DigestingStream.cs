using System.Buffers;
using System.Security.Cryptography;
using Debyard.Debian.Names;
using Debyard.Debian.Streams;

namespace Debyard.Debian.Digests;

/// <summary>
/// Writes to another stream and computes MD5, SHA-1 and SHA-256 on the way. The digests and the writing run in parallel, while the caller
/// fills the next block. The inner stream stays open. Not thread-safe.
/// </summary>
public sealed class DigestingStream(Stream inner) : WritingStream
{
    /// <summary>The number of bytes that are digested and written together.</summary>
    public const int BlockSize = 256 * 1024;

    // Most files are small.
    const int FirstBlockSize = 16 * 1024;

    // How many blocks the slowest of the parallel tasks may lag behind.
    const int MaximumLag = 4;

    readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    readonly IncrementalHash sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly Queue<(byte[] Block, Task Done)> inProgress = [];
    byte[] gathering = ArrayPool<byte>.Shared.Rent(FirstBlockSize);
    int gathered;
    long size;

    // Each task ends after its latest block, and fails if an earlier block failed.
    Task md5Done = Task.CompletedTask,
        shasDone = Task.CompletedTask,
        written = Task.CompletedTask;
    FileDigests? digests;

    /// <summary>The digests of all written bytes.</summary>
    /// <exception cref="InvalidOperationException">Before <see cref="CompleteAsync"/>.</exception>
    public FileDigests Digests => digests ?? throw new InvalidOperationException("The digests are available after CompleteAsync.");

    /// <summary>Writes the remaining bytes and returns the digests. Later writes throw.</summary>
    public async Task<FileDigests> CompleteAsync(CancellationToken cancellation = default)
    {
        if (digests is null)
        {
            await FlushAsync(cancellation);
            digests = new FileDigests(size, Hex(md5), Hex(sha1), new Sha256(sha256.GetHashAndReset()));
        }
        return digests;
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (Gather(buffer.Span) is var taken && taken > 0)
        {
            buffer = buffer[taken..];
            if (gathered == gathering.Length)
                await PassOnAsync(cancellationToken);
        }
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (Gather(buffer) is var taken && taken > 0)
        {
            buffer = buffer[taken..];
            if (gathered == gathering.Length)
                PassOnAsync(CancellationToken.None).GetAwaiter().GetResult();
        }
    }

    public override async Task FlushAsync(CancellationToken cancellationToken)
    {
        await PassOnAsync(cancellationToken);
        await AllDone;
        await inner.FlushAsync(cancellationToken);
    }

    public override void Flush() => FlushAsync(CancellationToken.None).GetAwaiter().GetResult();

    Task AllDone => Task.WhenAll(md5Done, shasDone, written);

    int Gather(ReadOnlySpan<byte> buffer)
    {
        if (digests is not null)
            throw new InvalidOperationException("The stream is completed.");
        var taken = Math.Min(buffer.Length, gathering.Length - gathered);
        buffer[..taken].CopyTo(gathering.AsSpan(gathered));
        gathered += taken;
        return taken;
    }

    async Task PassOnAsync(CancellationToken cancellation)
    {
        if (gathered == 0)
            return;
        while (inProgress.Count >= MaximumLag || inProgress.TryPeek(out var oldest) && oldest.Done.IsCompleted)
        {
            await inProgress.Peek().Done;
            ArrayPool<byte>.Shared.Return(inProgress.Dequeue().Block);
        }
        var full = gathering.AsMemory(0, gathered);
        // MD5 takes as long as SHA-1 and SHA-256 together.
        md5Done = AfterAsync(md5Done, () => md5.AppendData(full.Span));
        shasDone = AfterAsync(
            shasDone,
            () =>
            {
                sha1.AppendData(full.Span);
                sha256.AppendData(full.Span);
            }
        );
        written = WriteAfterAsync(written, full, cancellation);
        inProgress.Enqueue((gathering, AllDone));
        size += gathered;
        gathered = 0;
        gathering = ArrayPool<byte>.Shared.Rent(BlockSize);
    }

    async Task WriteAfterAsync(Task before, ReadOnlyMemory<byte> full, CancellationToken cancellation)
    {
        await before;
        await inner.WriteAsync(full, cancellation);
    }

    static async Task AfterAsync(Task before, Action next)
    {
        await before;
        await Task.Run(next);
    }

    static string Hex(IncrementalHash hash) => Convert.ToHexStringLower(hash.GetHashAndReset());

    /// <summary>Waits for blocks in progress. Discards the digests unless <see cref="CompleteAsync"/> was called.</summary>
    public override async ValueTask DisposeAsync()
    {
        await AllDone.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await base.DisposeAsync();
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing && gathering.Length > 0)
        {
            AllDone.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
            while (inProgress.TryDequeue(out var pending))
                ArrayPool<byte>.Shared.Return(pending.Block);
            ArrayPool<byte>.Shared.Return(gathering);
            gathering = [];
            md5.Dispose();
            sha1.Dispose();
            sha256.Dispose();
        }
        base.Dispose(disposing);
    }

    public override bool CanWrite => digests is null;

    /// <summary>The number of bytes written so far.</summary>
    public override long Length => size + gathered;
}
