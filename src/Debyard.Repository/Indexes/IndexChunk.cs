using Debyard.Debian.Compression;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Indexes;

/// <summary>
/// Consecutive stanzas of an index, compressed separately, so that a publish does not compress unchanged chunks again.
/// </summary>
sealed class IndexChunk
{
    readonly Package[] packages;
    Lazy<byte[]> gzip;
    Lazy<XzBlock> xz;

    public IndexChunk(SuiteComponent suiteComponent, Package[] packages)
    {
        this.packages = packages;
        using var text = new MemoryStream();
        var entries = packages.Select(package => (Package: package, Filename: BranchFolder.Filename(suiteComponent, package)));
        foreach (
            var (package, filename) in PackagesIndex.InOrder(
                entries,
                entry => (entry.Package.FileName.Name, entry.Package.Version, entry.Package.FileName.Architecture, entry.Filename)
            )
        )
            package.Write(text, filename);
        Text = text.ToArray();
        gzip = new(() => GZipMembers.Compress(Text));
        xz = new(() => XzBlock.Compress(Text));
    }

    public byte[] Text { get; }

    public byte[] GZip => gzip.Value;

    public XzBlock Xz => xz.Value;

    public bool IsOf(ReadOnlySpan<Package> others)
    {
        if (others.Length != packages.Length)
            return false;
        for (var i = 0; i < packages.Length; i++)
            if (!ReferenceEquals(packages[i], others[i]) && packages[i].Digests.Sha256 != others[i].Digests.Sha256)
                return false;
        return true;
    }

    /// <summary>Reuses the compressed forms from before a restart.</summary>
    public void Adopt(byte[] gzipMember, XzBlock xzBlock)
    {
        gzip = new(gzipMember);
        xz = new(xzBlock);
    }
}
