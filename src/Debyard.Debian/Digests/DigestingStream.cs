using System.Buffers;
using System.Security.Cryptography;
using Debyard.Debian.Streams;

namespace Debyard.Debian.Digests;

/// <summary>
/// Passes what is written on to another stream and digests it on the way: MD5, SHA-1 and SHA-256 beside the writing and beside the caller, who
/// gathers the next block meanwhile. The inner stream stays open. Not for two writers at once.
/// </summary>
public sealed class DigestingStream(Stream inner) : WritingStream
{
    /// <summary>Bytes that are digested and written together.</summary>
    public const int BlockSize = 256 * 1024;

    // Most of what is digested is small.
    const int FirstBlockSize = 16 * 1024;

    // None of those who work on the blocks waits for another before it is so many behind.
    const int MostBlocks = 4;

    readonly IncrementalHash md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
    readonly IncrementalHash sha1 = IncrementalHash.CreateHash(HashAlgorithmName.SHA1);
    readonly IncrementalHash sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    readonly Queue<(byte[] Block, Task Done)> underWay = [];
    byte[] gathering = ArrayPool<byte>.Shared.Rent(FirstBlockSize);
    int gathered;
    long size;

    // Each ends with its latest block, and fails with the first that failed.
    Task md5Done = Task.CompletedTask,
        shasDone = Task.CompletedTask,
        written = Task.CompletedTask;
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
        while (underWay.Count >= MostBlocks || underWay.TryPeek(out var oldest) && oldest.Done.IsCompleted)
        {
            await underWay.Peek().Done;
            ArrayPool<byte>.Shared.Return(underWay.Dequeue().Block);
        }
        var full = gathering.AsMemory(0, gathered);
        // MD5 takes as long as the other two together.
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
        underWay.Enqueue((gathering, AllDone));
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

    /// <summary>Drops what was not completed; blocks still being digested are waited for.</summary>
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
            while (underWay.TryDequeue(out var one))
                ArrayPool<byte>.Shared.Return(one.Block);
            ArrayPool<byte>.Shared.Return(gathering);
            gathering = [];
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
