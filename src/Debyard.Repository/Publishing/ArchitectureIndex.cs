using System.Security.Cryptography;
using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>
/// One <c>Packages</c> file, in parts. Where a part begins is decided by the package names alone, so the same packages give
/// the same bytes, whichever way they came, and one more package changes one part.
/// </summary>
sealed class ArchitectureIndex
{
    // Smaller parts cost size, larger ones time at each publish: of Debian's own index, halving this adds 5 % to the .xz.
    const int MeanPart = 64;

    readonly IReadOnlyList<IndexPart> parts;
    readonly Lazy<IndexFile> plain;

    ArchitectureIndex(string path, IReadOnlyList<IndexPart> parts)
    {
        this.parts = parts;
        plain = new(() => Describe(path));
    }

    /// <summary>The uncompressed file, as the Release lists it.</summary>
    public IndexFile Plain => plain.Value;

    /// <summary>The index of these packages, which come by name; with the same parts as <paramref name="previous"/> it is that one.</summary>
    public static ArchitectureIndex Of(string path, Place place, IEnumerable<Package> packages, IndexParts known, ArchitectureIndex? previous)
    {
        var parts = Split(packages).Select(group => known.Of(place, group)).ToList();
        return previous is not null && parts.SequenceEqual(previous.parts) ? previous : new ArchitectureIndex(path, parts);
    }

    public void WriteGZip(Stream output)
    {
        Parallel.ForEach(parts, part => _ = part.GZip);
        GZipMembers.Write([.. parts.Select(part => part.GZip)], output);
    }

    public void WriteXz(Stream output)
    {
        Parallel.ForEach(parts, part => _ = part.Xz);
        XzBlock.Write([.. parts.Select(part => part.Xz)], output);
    }

    /// <summary>Takes over what its files were compressed to before a restart, if they were made of the same parts.</summary>
    public void Adopt(byte[] gzip, byte[] xz)
    {
        var members = GZipMembers.Split(gzip, [.. parts.Select(part => part.Text)]);
        var blocks = XzBlock.Split(xz);
        if (members is null || !blocks.Select(block => block.UncompressedSize).SequenceEqual(parts.Select(part => (long)part.Text.Length)))
            return;
        for (var i = 0; i < parts.Count; i++)
            parts[i].Adopt(members[i], blocks[i]);
    }

    static IEnumerable<Package[]> Split(IEnumerable<Package> packages)
    {
        var part = new List<Package>();
        var last = default(PackageName);
        foreach (var package in packages)
        {
            var name = package.FileName.Name;
            if (part.Count > 0 && name != last && Begins(name))
            {
                yield return [.. part];
                part.Clear();
            }
            part.Add(package);
            last = name;
        }
        if (part.Count > 0)
            yield return [.. part];
    }

    // FNV-1a: string.GetHashCode differs from run to run.
    static bool Begins(PackageName name)
    {
        var hash = 2166136261;
        foreach (var letter in name.ToString())
            hash = (hash ^ letter) * 16777619;
        return hash % MeanPart == 0;
    }

    IndexFile Describe(string path)
    {
        using var sha256 = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        foreach (var part in parts)
            sha256.AppendData(part.Text);
        return new IndexFile(path, parts.Sum(part => (long)part.Text.Length), Convert.ToHexStringLower(sha256.GetHashAndReset()));
    }
}
