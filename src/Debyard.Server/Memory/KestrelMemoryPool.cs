using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Debyard.Server.Memory;

/// <summary>
/// The memory that requests and answers pass through. Kestrel's own comes in pieces of 4 KB, and reads a socket once for each: a gigabyte of
/// packages is a quarter of a million calls.
/// </summary>
sealed class KestrelMemoryPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    const int BlockSize = 16 * 1024,
        MostKept = 256;

    readonly ConcurrentBag<Block> kept = [];

    public MemoryPool<byte> Create(MemoryPoolOptions? options = null) => new KestrelMemoryPool();

    public override int MaxBufferSize => BlockSize;

    public override IMemoryOwner<byte> Rent(int minBufferSize = -1)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan(minBufferSize, BlockSize);
        return kept.TryTake(out var block) ? block : new Block(this);
    }

    protected override void Dispose(bool disposing) => kept.Clear();

    sealed class Block(KestrelMemoryPool pool) : IMemoryOwner<byte>
    {
        // Pinned for good: sockets would do it for every call.
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose()
        {
            if (pool.kept.Count < MostKept)
                pool.kept.Add(this);
        }
    }
}
