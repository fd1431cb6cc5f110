using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.BuildCache;

/// <summary>
/// The build cache: under a fingerprint of everything that went into a build, the packages that came out, recorded per branch.
/// A record is valid as long as the branch lists those packages. Only trusted branches' records are used by others, because whoever
/// can write a branch can record anything for it.
/// </summary>
public sealed class BuildCacheStore
{
    readonly BranchDirectory branches;
    readonly RepositoryLayout layout;

    internal BuildCacheStore(BranchDirectory branches, RepositoryLayout layout) => (this.branches, this.layout) = (branches, layout);

    /// <summary>Records a build; an earlier record of the branch for the same fingerprint is replaced.</summary>
    /// <exception cref="InvalidUploadException">
    /// The fingerprint is not valid, no file is named, or the branch does not list one of them.
    /// </exception>
    public void Record(Branch branch, string fingerprint, IReadOnlyList<BuiltFile> files)
    {
        RequireFingerprint(fingerprint);
        if (files.Count == 0)
            throw new InvalidUploadException($"The build {fingerprint} names no file; record only builds that made packages.");
        if (files.FirstOrDefault(file => FindListed(branch, file) is null) is { } unlisted)
            throw new InvalidUploadException(
                $"{branch.Name} does not list {unlisted.Name} with the SHA-256 {unlisted.Sha256}: upload it first, then record its build."
            );
        var path = layout.Build(branch.Name, fingerprint);
        var record = string.Concat(files.Select(file => $"{file.Sha256} {file.Name}\n"));
        if (File.Exists(path) && File.ReadAllText(path) == record)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        layout.Replace(path, record);
    }

    /// <summary>The build that a trusted branch recorded, preferring the default branch; null if there is none.</summary>
    /// <param name="mayRead">Whether the caller may read the branch.</param>
    public async Task<CachedBuild?> FindAsync(string fingerprint, Func<BranchIdentity, bool> mayRead)
    {
        RequireFingerprint(fingerprint);
        foreach (
            var name in branches
                .Names()
                .Where(name => File.Exists(layout.Build(name, fingerprint)))
                .OrderByDescending(name => name == branches.Default)
        )
        {
            var branch = await branches.GetAsync(name);
            if (
                branch.Exists
                && branches.Rules.IsTrusted(name, branch.Ref)
                && Read(branch, fingerprint) is { } files
                && mayRead(branch.Identity)
            )
                return new CachedBuild(fingerprint, name, files);
        }
        return null;
    }

    static void RequireFingerprint(string fingerprint)
    {
        if (!AnnouncedDigests.IsHex(fingerprint, 64))
            throw new InvalidUploadException($"'{fingerprint}' is not a valid fingerprint: 64 hexadecimal digits in lower case.");
    }

    List<Package>? Read(Branch branch, string fingerprint)
    {
        var files = new List<Package>();
        foreach (var line in File.ReadAllLines(layout.Build(branch.Name, fingerprint)))
        {
            if (
                line.Split(' ') is not [var digits, var name]
                || !Sha256.TryParse(digits, out var sha256)
                || !DebFileName.TryParse(name, out var fileName)
                || FindListed(branch, new BuiltFile(fileName, sha256)) is not { } package
            )
                return null;
            files.Add(package);
        }
        return files.Count > 0 ? files : null;
    }

    static Package? FindListed(Branch branch, BuiltFile file) =>
        branch
            .Contents.SuiteComponents.Select(suiteComponent => branch.Contents.Find(suiteComponent, file.Name)?.Package)
            .FirstOrDefault(package => package?.Digests.Sha256 == file.Sha256);
}
