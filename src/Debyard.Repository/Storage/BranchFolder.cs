using Debyard.Debian.Names;
using Debyard.Debian.Uploads;

namespace Debyard.Repository.Storage;

/// <summary>The paths of one branch, which is published or still being created.</summary>
public sealed record BranchFolder(string Root)
{
    const int DigitsInName = 12;

    /// <summary>The number of characters that the pool adds to a package's file name.</summary>
    public const int PoolPrefix = DigitsInName + 1;

    public string Record => Combine(".branch");
    public string Pending => Combine(".pending");

    /// <summary>Empty. In the folder of a retired branch: none of its owner projects has the git branch any more.</summary>
    public string Gone => Combine(".gone");

    public string Dists => Combine("dists");

    /// <summary>The suites that have a folder, published or not. Other folders are ignored: a NAS or a backup may add its own.</summary>
    public IEnumerable<Suite> Suites() =>
        DistsFolders().Select(path => Suite.TryParse(Path.GetFileName(path), out var suite) ? suite : (Suite?)null).OfType<Suite>();

    /// <summary>Folders beside the suites that Debyard did not create.</summary>
    public IEnumerable<string> StrayFolders() => DistsFolders().Where(path => !Suite.TryParse(Path.GetFileName(path), out _));

    IEnumerable<string> DistsFolders() => Directory.Exists(Dists) ? Directory.EnumerateDirectories(Dists) : [];

    public string InRelease(Suite suite) => Combine("dists", suite.Value, "InRelease");

    public string InDists(Suite suite, string name) => Combine("dists", suite.Value, name);

    public string ByHash(Suite suite, string index, Sha256 sha256) => Path.Join(ByHashFolder(suite, index), sha256.ToString());

    public string ByHashFolder(Suite suite, string index) =>
        Combine("dists", suite.Value, Path.GetDirectoryName(index)!, "by-hash", "SHA256");

    public string PendingFile(SuiteComponent suiteComponent, Package package) =>
        Combine(".pending", suiteComponent.Suite.Value, suiteComponent.Component.Value, package.Digests.Sha256.ToString());

    public string PoolFolder(SuiteComponent suiteComponent) => Combine("pool", suiteComponent.Suite.Value, suiteComponent.Component.Value);

    public string PoolFile(SuiteComponent suiteComponent, Package package) => Combine(Filename(suiteComponent, package));

    /// <summary>
    /// Empty files named after pool files. Their modification time is the time when the pool file was unlisted. The pool file's own time
    /// cannot be used, because all branches that link it share it.
    /// </summary>
    public string UnlistedFolder(SuiteComponent suiteComponent) =>
        Combine(".unlisted", suiteComponent.Suite.Value, suiteComponent.Component.Value);

    public string UnlistedFile(SuiteComponent suiteComponent, string poolFile) =>
        Path.Join(UnlistedFolder(suiteComponent), Path.GetFileName(poolFile));

    /// <summary>
    /// The index's <c>Filename</c>. A pool path contains digits of the content's SHA-256, so the content of its URL never changes. There
    /// is no folder per package, because creating one takes ten times as long as a link, and a new branch starts with thousands.
    /// </summary>
    public static string Filename(SuiteComponent suiteComponent, Package package)
    {
        var digits = package.Digests.Sha256.ToString().AsSpan(0, DigitsInName);
        return $"pool/{suiteComponent.Suite}/{suiteComponent.Component}/{digits[..1]}/{digits}_{package.FileName}";
    }

    /// <summary>The file that a client requests; null for paths outside the branch and for names that start with a dot.</summary>
    public string? Served(string relative)
    {
        foreach (var part in relative.Split('/'))
            if (part.Length is 0 or > 255 || part[0] == '.' || part.AsSpan().ContainsAny("\\%\0"))
                return null;
        return Combine(relative);
    }

    /// <summary>A .changes or .buildinfo file that came with an upload.</summary>
    public string UploadRecord(UploadRecordName name) => Combine(".changes", name.ToString());

    string Combine(params ReadOnlySpan<string> parts)
    {
        var path = Root;
        foreach (var part in parts)
            path = Path.Join(path, part);
        return path;
    }
}
