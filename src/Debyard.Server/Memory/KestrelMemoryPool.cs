using System.Buffers;
using System.Collections.Concurrent;
using Microsoft.AspNetCore.Connections;

namespace Debyard.Server.Memory;

/// <summary>
/// Buffers for requests and responses. Kestrel's own pool has blocks of 4 KB and needs a system call for each of them: a quarter of a
/// million calls for a gigabyte of packages.
/// </summary>
sealed class KestrelMemoryPool : MemoryPool<byte>, IMemoryPoolFactory<byte>
{
    const int BlockSize = 16 * 1024,
        MaxKept = 256;

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
        // Pinned permanently, or sockets would pin it for every call.
        public Memory<byte> Memory { get; } = GC.AllocateUninitializedArray<byte>(BlockSize, pinned: true);

        public void Dispose()
        {
            if (pool.kept.Count < MaxKept)
                pool.kept.Add(this);
        }
    }
}
