using System.Collections.Concurrent;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Indexes;

/// <summary>
/// The parts of all branches' indexes, each once: a branch's next index is mostly made of its last one's, and of branches born
/// from one parent the first alone compresses what only the parent's latest versions make up.
/// </summary>
sealed class IndexChunkCache
{
    const int LeastToPrune = 1000;

    readonly ConcurrentDictionary<(SuiteComponent, int), WeakReference<IndexChunk>> chunks = new();
    int pruneAt = LeastToPrune;

    /// <summary>The part that holds just these packages, as long as any index has it; else a new one.</summary>
    public IndexChunk Of(SuiteComponent suiteComponent, Package[] packages)
    {
        var key = (suiteComponent, Hash(packages));
        if (chunks.TryGetValue(key, out var known) && known.TryGetTarget(out var part) && part.IsOf(packages))
            return part;
        part = new IndexChunk(suiteComponent, packages);
        chunks[key] = new(part);
        Prune();
        return part;
    }

    void Prune()
    {
        if (chunks.Count < pruneAt)
            return;
        foreach (var gone in chunks.Where(one => !one.Value.TryGetTarget(out _)))
            chunks.TryRemove(gone);
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
