using System.Collections.Concurrent;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Indexes;

/// <summary>
/// The chunks of all branches' indexes, each stored once. A branch's next index shares most chunks with its last one. Branches that start
/// from the same parent share their first chunks, so only the first branch compresses them.
/// </summary>
sealed class IndexChunkCache
{
    const int LeastToPrune = 1000;

    readonly ConcurrentDictionary<(SuiteComponent, int), WeakReference<IndexChunk>> chunks = new();
    int pruneAt = LeastToPrune;

    /// <summary>Returns the chunk with exactly these packages if an index still uses it, otherwise a new one.</summary>
    public IndexChunk Of(SuiteComponent suiteComponent, Package[] packages)
    {
        var key = (suiteComponent, Hash(packages));
        if (chunks.TryGetValue(key, out var reference) && reference.TryGetTarget(out var chunk) && chunk.IsOf(packages))
            return chunk;
        chunk = new IndexChunk(suiteComponent, packages);
        chunks[key] = new(chunk);
        Prune();
        return chunk;
    }

    void Prune()
    {
        if (chunks.Count < pruneAt)
            return;
        foreach (var unused in chunks.Where(entry => !entry.Value.TryGetTarget(out _)))
            chunks.TryRemove(unused);
        pruneAt = 2 * chunks.Count + LeastToPrune;
    }

    static int Hash(Package[] packages)
    {
        var hash = new HashCode();
        foreach (var package in packages)
            hash.Add(package.Digests.Sha256);
        return hash.ToHashCode();
    }
}
