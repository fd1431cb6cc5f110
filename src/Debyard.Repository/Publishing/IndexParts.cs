using System.Collections.Concurrent;

namespace Debyard.Repository;

/// <summary>
/// The parts of all branches' indexes, each once: a branch's next index is mostly made of its last one's, and of branches born
/// from one parent the first alone compresses what only the parent's latest versions make up.
/// </summary>
sealed class IndexParts
{
    const int LeastToPrune = 1000;

    readonly ConcurrentDictionary<(Place, int), WeakReference<IndexPart>> parts = new();
    int pruneAt = LeastToPrune;

    /// <summary>The part that holds just these packages, as long as any index has it; else a new one.</summary>
    public IndexPart Of(Place place, Package[] packages)
    {
        var key = (place, Hash(packages));
        if (parts.TryGetValue(key, out var known) && known.TryGetTarget(out var part) && part.IsOf(packages))
            return part;
        part = new IndexPart(place, packages);
        parts[key] = new(part);
        Prune();
        return part;
    }

    void Prune()
    {
        if (parts.Count < pruneAt)
            return;
        foreach (var gone in parts.Where(one => !one.Value.TryGetTarget(out _)))
            parts.TryRemove(gone);
        pruneAt = 2 * parts.Count + LeastToPrune;
    }

    static int Hash(Package[] packages)
    {
        var hash = new HashCode();
        foreach (var package in packages)
            hash.Add(package.Digests.Sha256, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}
