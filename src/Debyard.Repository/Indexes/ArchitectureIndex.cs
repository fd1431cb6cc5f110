using System.Collections.Immutable;
using System.Security.Cryptography;
using Debyard.Debian.Compression;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;

namespace Debyard.Repository.Indexes;

/// <summary>
/// One <c>Packages</c> file, in parts. Where a part begins is decided by the package names alone, so the same packages give
/// the same bytes, whichever way they came, and one more package changes one part.
/// </summary>
sealed class ArchitectureIndex
{
    readonly IndexChunker division;
    readonly Lazy<IndexFile> plain;

    ArchitectureIndex(IndexChunker division, Lazy<IndexFile> plain) => (this.division, this.plain) = (division, plain);

    /// <summary>The uncompressed file, as the Release lists it.</summary>
    public IndexFile Plain => plain.Value;

    /// <summary>The index of those of these packages that are the architecture's, or <c>all</c>.</summary>
    public static ArchitectureIndex Of(
        string path,
        SuiteComponent suiteComponent,
        Architecture architecture,
        ImmutableArray<ListedPackage> files,
        IndexChunkCache known,
        ArchitectureIndex? previous
    )
    {
        var division = new IndexChunker(suiteComponent, architecture, files, known, previous?.division);
        return new(
            division,
            previous is not null && division.Chunks.SequenceEqual(previous.division.Chunks)
                ? previous.plain
                : new(() => Describe(path, division.Chunks))
        );
    }

    /// <summary>True where both are of the same parts.</summary>
    public bool IsSameAs(ArchitectureIndex other) => plain == other.plain;

    public void WriteGZip(Stream output)
    {
        Parallel.ForEach(division.Chunks, part => _ = part.GZip);
        GZipMembers.Write([.. division.Chunks.Select(part => part.GZip)], output);
    }

    public void WriteXz(Stream output)
    {
        Parallel.ForEach(division.Chunks, part => _ = part.Xz);
        XzBlock.Write([.. division.Chunks.Select(part => part.Xz)], output);
    }

    /// <summary>Takes over what its files were compressed to before a restart, if they were made of the same parts.</summary>
    public void Adopt(byte[] gzip, byte[] xz)
    {
        var parts = division.Chunks;
        var members = GZipMembers.Split(gzip, [.. parts.Select(part => part.Text)]);
        var blocks = XzBlock.Split(xz);
        if (members is null || !blocks.Select(block => block.UncompressedSize).SequenceEqual(parts.Select(part => (long)part.Text.Length)))
            return;
        for (var i = 0; i < parts.Count; i++)
            parts[i].Adopt(members[i], blocks[i]);
    }

    static IndexFile Describe(string path, IReadOnlyList<IndexChunk> parts)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
            sha256.AppendData(part.Text);
        return new IndexFile(path, parts.Sum(part => (long)part.Text.Length), new Sha256(sha256.GetHashAndReset()));
    }
}
