using System.Collections.Immutable;
using System.Security.Cryptography;
using Debyard.Debian.Compression;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;

namespace Debyard.Repository.Indexes;

/// <summary>
/// One <c>Packages</c> file in chunks. The package names alone decide where a chunk begins, so the same packages give the same bytes in
/// whatever order they were added, and an added package changes one chunk.
/// </summary>
sealed class ArchitectureIndex
{
    readonly IndexChunker chunker;
    readonly Lazy<IndexFile> plain;

    ArchitectureIndex(IndexChunker chunker, Lazy<IndexFile> plain) => (this.chunker, this.plain) = (chunker, plain);

    /// <summary>The path, size and digest of the uncompressed file, for Release.</summary>
    public IndexFile Plain => plain.Value;

    /// <summary>Creates the index of those packages that are for the architecture or for <c>all</c>.</summary>
    public static ArchitectureIndex Of(
        string path,
        SuiteComponent suiteComponent,
        Architecture architecture,
        ImmutableArray<ListedPackage> files,
        IndexChunkCache cache,
        ArchitectureIndex? previous
    )
    {
        var chunker = new IndexChunker(suiteComponent, architecture, files, cache, previous?.chunker);
        return new(
            chunker,
            previous is not null && chunker.Chunks.SequenceEqual(previous.chunker.Chunks)
                ? previous.plain
                : new(() => Describe(path, chunker.Chunks))
        );
    }

    /// <summary>True if both consist of the same chunks.</summary>
    public bool IsSameAs(ArchitectureIndex other) => plain == other.plain;

    public void WriteGZip(Stream output)
    {
        Parallel.ForEach(chunker.Chunks, chunk => _ = chunk.GZip);
        GZipMembers.Write([.. chunker.Chunks.Select(chunk => chunk.GZip)], output);
    }

    public void WriteXz(Stream output)
    {
        Parallel.ForEach(chunker.Chunks, chunk => _ = chunk.Xz);
        XzBlock.Write([.. chunker.Chunks.Select(chunk => chunk.Xz)], output);
    }

    /// <summary>Reuses the compressed files from before a restart, if they consist of the same chunks.</summary>
    public void Adopt(byte[] gzip, byte[] xz)
    {
        var chunks = chunker.Chunks;
        var members = GZipMembers.Split(gzip, [.. chunks.Select(chunk => chunk.Text)]);
        var blocks = XzBlock.Split(xz);
        var sizes = chunks.Select(chunk => (long)chunk.Text.Length);
        if (members is null || !blocks.Select(block => block.UncompressedSize).SequenceEqual(sizes))
            return;
        for (var i = 0; i < chunks.Count; i++)
            chunks[i].Adopt(members[i], blocks[i]);
    }

    static IndexFile Describe(string path, IReadOnlyList<IndexChunk> chunks)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var chunk in chunks)
            sha256.AppendData(chunk.Text);
        return new IndexFile(path, chunks.Sum(chunk => (long)chunk.Text.Length), new Sha256(sha256.GetHashAndReset()));
    }
}
