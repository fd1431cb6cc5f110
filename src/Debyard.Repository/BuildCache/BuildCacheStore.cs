using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.BuildCache;

/// <summary>
/// The build cache. It maps the fingerprint of all inputs of a build to the packages that the build produced, separately per branch. A
/// record is valid as long as the branch lists those packages. Other branches use the records of trusted branches only, because anyone
/// who can write a branch can record anything for it.
/// </summary>
public sealed class BuildCacheStore
{
    readonly BranchDirectory branches;
    readonly RepositoryLayout layout;

    internal BuildCacheStore(BranchDirectory branches, RepositoryLayout layout) => (this.branches, this.layout) = (branches, layout);

    /// <summary>Records a build. It replaces the branch's earlier record for the same fingerprint.</summary>
    /// <exception cref="BranchTakenException">The branch belongs to another ref than the writer's.</exception>
    /// <exception cref="WriteRefusedException">The writer may not write the branch or one of the packages.</exception>
    /// <exception cref="InvalidUploadException">
    /// The fingerprint is not valid, there are no files, or the branch does not list one of them.
    /// </exception>
    public void Record(Branch branch, WriterIdentity writer, string fingerprint, IReadOnlyList<BuiltFile> files)
    {
        writer.Claim(branch.Identity, [.. files.Select(file => file.Name.Name).Distinct()]);
        RequireFingerprint(fingerprint);
        if (files.Count == 0)
            throw new InvalidUploadException($"The build {fingerprint} has no files; record only builds that produced packages.");
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

    /// <summary>
    /// The builds that trusted branches have recorded under these fingerprints; the default branch is preferred. Other branches are not
    /// even looked at.
    /// </summary>
    /// <param name="mayRead">Whether the caller may read the branch.</param>
    /// <param name="own">A branch that the caller may write, and whose builds count although it is not trusted; null: none.</param>
    /// <exception cref="InvalidUploadException">A fingerprint is not valid.</exception>
    public async Task<IReadOnlyList<CachedBuild>> FindAsync(
        IReadOnlyCollection<string> fingerprints,
        Func<BranchIdentity, bool> mayRead,
        BranchName? own,
        CancellationToken cancellation
    )
    {
        foreach (var fingerprint in fingerprints)
            RequireFingerprint(fingerprint);
        var trusted = branches
            .Names()
            .Where(name => branches.Identify(name) is var branch && (branches.IsTrusted(branch) || name == own) && mayRead(branch))
            .OrderByDescending(name => name == branches.Default)
            .ToList();
        var found = new List<CachedBuild>();
        foreach (var fingerprint in fingerprints)
        {
            cancellation.ThrowIfCancellationRequested();
            if (await FindAsync(fingerprint, trusted) is { } build)
                found.Add(build);
        }
        return found;
    }

    async Task<CachedBuild?> FindAsync(string fingerprint, List<BranchName> trusted)
    {
        foreach (var name in trusted.Where(name => File.Exists(layout.Build(name, fingerprint))))
            if (await branches.GetAsync(name) is { Exists: true } branch && Read(branch, fingerprint) is { } files)
                return new CachedBuild(fingerprint, name, files);
        return null;
    }

    /// <exception cref="InvalidUploadException">The fingerprint is not valid.</exception>
    internal static void RequireFingerprint(string fingerprint)
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
