using System.Globalization;
using Debyard.Debian.Names;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Rpm;

/// <summary>
/// The folder <c>rpm/</c> of a branch.
/// <code>
/// packages/&lt;digits&gt;/&lt;file&gt;.rpm                     signed by the server
/// pending/&lt;sha256 of the upload&gt;                    uploaded, to be published later; contains its listing
/// generations/&lt;id&gt;/listing                        what this generation lists
/// generations/&lt;id&gt;/repodata/repomd.xml{,.asc}     and the documents that it names
/// </code>
/// A generation is written elsewhere and appears here by one rename, so the one with the highest id is always complete. Its id is the time
/// of its publish in milliseconds, or more if the clock went back.
/// </summary>
public sealed record RpmFolder(BranchFolder Branch)
{
    /// <summary>The folder's name below that of the branch, and in URLs.</summary>
    public const string Name = "rpm";

    internal string Generations => Path.Join(Root, "generations");

    internal string Root => Path.Join(Branch.Root, Name);

    /// <summary>The generations that clients can still read, the current one first.</summary>
    public IReadOnlyList<long> All() =>
        !Directory.Exists(Generations)
            ? []
            : [.. Directory.EnumerateDirectories(Generations).Select(path => Id(Path.GetFileName(path))).OfType<long>().OrderDescending()];

    /// <summary>
    /// The file that a request means, relative to the branch's folder; null if there is none. A request may name a generation first, as in
    /// <c>1732470000000/repodata/repomd.xml</c>, which decides the two files that every generation has; without one they are those of the
    /// current generation. All other files have digests in their names and are found in any generation.
    /// </summary>
    public string? Find(string requested)
    {
        var parts = requested.Split('/');
        var asked = parts.Length > 1 ? Id(parts[0]) : null;
        if (asked is not null)
            parts = parts[1..];
        return parts switch
        {
            ["packages", var digits, var file] => $"{Name}/packages/{digits}/{file}",
            ["repodata", "repomd.xml" or "repomd.xml.asc"] => (asked ?? All().Cast<long?>().FirstOrDefault()) is { } id
                ? $"{Name}/generations/{id}/repodata/{parts[1]}"
                : null,
            ["repodata", var document] => All()
                .Select(id => $"{Name}/generations/{id}/repodata/{document}")
                .FirstOrDefault(path => Branch.Served(path) is { } full && File.Exists(full)),
            _ => null,
        };
    }

    internal string Generation(long id) => Path.Join(Generations, id.ToString(CultureInfo.InvariantCulture));

    internal string Package(RpmListing listing) => Path.Join(Root, listing.Location);

    internal string Pending(Sha256 uploaded) => Path.Join(Root, "pending", uploaded.ToString());

    /// <summary>What a generation lists, and what it remembers.</summary>
    internal IReadOnlyList<RpmListing> Listings(long id) =>
        [.. File.ReadAllLines(Path.Join(Generation(id), "listing")).Select(RpmListing.Parse)];

    /// <summary>What the current generation lists, and what it remembers.</summary>
    internal IReadOnlyList<RpmListing> Listings() => All() is [var current, ..] ? Listings(current) : [];

    internal RpmListing? FindPending(Sha256 uploaded) =>
        File.Exists(Pending(uploaded)) ? RpmListing.Parse(File.ReadAllText(Pending(uploaded))) : null;

    /// <summary>
    /// Deletes generations superseded before that time, pending files uploaded before it, and packages that nothing lists any more.
    /// </summary>
    internal void Sweep(DateTimeOffset before)
    {
        if (!Directory.Exists(Root))
            return;
        var all = All();
        // A generation is superseded by the next one, whose id is the time of that.
        foreach (var (superseded, by) in all.Skip(1).Zip(all))
            if (by < before.ToUnixTimeMilliseconds())
                Directory.Delete(Generation(superseded), recursive: true);
        var pending = Files("pending").ToList();
        foreach (var file in pending.Where(file => file.LastWriteTimeUtc < before.UtcDateTime))
            file.Delete();
        var needed = All()
            .SelectMany(Listings)
            .Concat(pending.Where(file => File.Exists(file.FullName)).Select(file => RpmListing.Parse(File.ReadAllText(file.FullName))))
            .Where(listing => listing.Signed is not null)
            .Select(Package)
            .ToHashSet();
        foreach (var file in Files("packages").Where(file => !needed.Contains(file.FullName)).ToList())
            file.Directory!.Delete(recursive: true);
    }

    IEnumerable<FileInfo> Files(string folder) =>
        new DirectoryInfo(Path.Join(Root, folder)) is { Exists: true } existing
            ? existing.EnumerateFiles("*", SearchOption.AllDirectories)
            : [];

    static long? Id(string text) => long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var id) ? id : null;
}
