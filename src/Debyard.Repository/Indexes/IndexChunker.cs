using System.Collections.Immutable;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Indexes;

/// <summary>
/// Splits the listing of one component and architecture into chunks whose borders depend on the content alone. Chunks before and after
/// a change are taken from the previous listing without looking at their packages, which with tens of thousands would dominate a publish.
/// </summary>
sealed class IndexChunker
{
    // Smaller chunks compress worse, larger ones cost time at each publish. For Debian's own index, half of this adds 5 % to the .xz.
    const int MeanChunk = 64;

    readonly ImmutableArray<ListedPackage> files;
    readonly List<IndexChunk> chunks = [];

    // For each chunk, the index of its first file in the list of files.
    readonly List<int> starts = [];

    public IndexChunker(
        SuiteComponent suiteComponent,
        Architecture architecture,
        ImmutableArray<ListedPackage> files,
        IndexChunkCache cache,
        IndexChunker? previous
    )
    {
        this.files = files;
        var (same, sameAtEnd) = previous is null ? (0, 0) : Unchanged(previous.files.AsSpan(), files.AsSpan());
        var at = previous is null ? 0 : TakeFirst(previous, same);
        var packages = new List<Package>();
        var (start, last) = (at, default(PackageName));
        for (; at < files.Length; at++)
        {
            var package = files[at].Package;
            if (package.FileName.Architecture != architecture && !package.FileName.Architecture.IsAll)
                continue;
            var name = package.FileName.Name;
            if (packages.Count == 0)
                start = at;
            else if (name != last && Begins(name))
            {
                Add(start, cache.Of(suiteComponent, [.. packages]));
                if (at >= files.Length - sameAtEnd && TakeLast(previous!, at))
                    return;
                packages.Clear();
                start = at;
            }
            packages.Add(package);
            last = name;
        }
        if (packages.Count > 0)
            Add(start, cache.Of(suiteComponent, [.. packages]));
    }

    public IReadOnlyList<IndexChunk> Chunks => chunks;

    void Add(int start, IndexChunk part)
    {
        starts.Add(start);
        chunks.Add(part);
    }

    // All chunks before the change except the last one, which the changed packages may belong to.
    int TakeFirst(IndexChunker previous, int same)
    {
        for (var i = 0; i + 1 < previous.chunks.Count && previous.starts[i + 1] < same; i++)
            Add(previous.starts[i], previous.chunks[i]);
        return chunks.Count > 0 ? previous.starts[chunks.Count] : 0;
    }

    // A chunk begins where one did before, and nothing differs after it.
    bool TakeLast(IndexChunker previous, int at)
    {
        var moved = files.Length - previous.files.Length;
        var part = previous.starts.BinarySearch(at - moved);
        for (var i = part; i >= 0 && i < previous.chunks.Count; i++)
            Add(previous.starts[i] + moved, previous.chunks[i]);
        return part >= 0;
    }

    static (int AtStart, int AtEnd) Unchanged(ReadOnlySpan<ListedPackage> before, ReadOnlySpan<ListedPackage> now)
    {
        var (start, end) = (0, 0);
        var shorter = Math.Min(before.Length, now.Length);
        while (start < shorter && ReferenceEquals(before[start], now[start]))
            start++;
        while (end < shorter - start && ReferenceEquals(before[^(end + 1)], now[^(end + 1)]))
            end++;
        return (start, end);
    }

    // FNV-1a, because string.GetHashCode differs between runs.
    static bool Begins(PackageName name)
    {
        var hash = 2166136261;
        foreach (var letter in name.ToString())
            hash = (hash ^ letter) * 16777619;
        return hash % MeanChunk == 0;
    }
}
