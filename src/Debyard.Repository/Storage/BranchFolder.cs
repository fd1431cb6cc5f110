using Debyard.Debian.Names;

namespace Debyard.Repository.Storage;

/// <summary>The paths of one branch, in its place or where it is being born.</summary>
public sealed record BranchFolder(string Root)
{
    const int DigitsInName = 12;

    /// <summary>How many characters more than the package's own file name its name in the pool has.</summary>
    public const int PoolPrefix = DigitsInName + 1;

    public string Record => Combine(".branch");
    public string Pending => Combine(".pending");
    public string Dists => Combine("dists");

    /// <summary>The suites that have a folder, published or not.</summary>
    public IEnumerable<Suite> Suites() =>
        Directory.Exists(Dists) ? Directory.EnumerateDirectories(Dists).Select(path => Suite.Parse(Path.GetFileName(path))) : [];

    public string InRelease(Suite suite) => Combine("dists", suite.Value, "InRelease");

    public string InDists(Suite suite, string name) => Combine("dists", suite.Value, name);

    public string ByHash(Suite suite, string index, string sha256) => Path.Join(ByHashFolder(suite, index), sha256);

    public string ByHashFolder(Suite suite, string index) =>
        Combine("dists", suite.Value, Path.GetDirectoryName(index)!, "by-hash", "SHA256");

    public string PendingFile(SuiteComponent place, Package package) =>
        Combine(".pending", place.Suite.Value, place.Component.Value, package.Digests.Sha256);

    public string PoolFolder(SuiteComponent place) => Combine("pool", place.Suite.Value, place.Component.Value);

    public string PoolFile(SuiteComponent place, Package package) => Combine(Filename(place, package));

    /// <summary>Files of the names of pool files; their times say since when those are not listed. A pool file's own time is that of all branches.</summary>
    public string UnlistedFolder(SuiteComponent place) => Combine(".unlisted", place.Suite.Value, place.Component.Value);

    public string UnlistedFile(SuiteComponent place, string poolFile) => Path.Join(UnlistedFolder(place), Path.GetFileName(poolFile));

    /// <summary>
    /// The index's <c>Filename</c>: a pool path names its content, so what its URL serves never changes. Not by a folder for each: making
    /// one costs ten times what a link does, and a new branch begins with thousands.
    /// </summary>
    public static string Filename(SuiteComponent place, Package package) =>
        $"pool/{place.Suite}/{place.Component}/{package.Digests.Sha256[0]}/{package.Digests.Sha256[..DigitsInName]}_{package.FileName}";

    /// <summary>The file a client asks for, or null where no client may look: outside, or names that start with a dot.</summary>
    public string? Served(string relative)
    {
        foreach (var part in relative.Split('/'))
            if (part.Length is 0 or > 255 || part[0] == '.' || part.AsSpan().ContainsAny("\\%\0"))
                return null;
        return Combine(relative);
    }

    string Combine(params ReadOnlySpan<string> parts)
    {
        var path = Root;
        foreach (var part in parts)
            path = Path.Join(path, part);
        return path;
    }
}
