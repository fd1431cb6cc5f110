using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.BuildCache;

/// <summary>A file that a build made.</summary>
public sealed record BuiltFile(DebFileName Name, string Sha256);

/// <summary>What the build of a fingerprint made, by a branch's word.</summary>
public sealed record CachedBuild(string Fingerprint, BranchName Branch, IReadOnlyList<Package> Files);

/// <summary>
/// What branches say their builds made: under a fingerprint of everything that went into one, the files that came out. A claim
/// holds as long as the branch lists those very files, so it ends with them, and with the branch. Only the claims of vouching
/// branches are told to others: whoever can write a branch can claim anything for it.
/// </summary>
public sealed class BuildCacheStore(RepositoryRoot repository)
{
    /// <summary>Keeps a claim; an earlier one of the branch for the same fingerprint is replaced.</summary>
    /// <exception cref="InvalidUploadException">It is no fingerprint, names no file, or names one that the branch does not list.</exception>
    public void Record(Branch branch, string fingerprint, IReadOnlyList<BuiltFile> files)
    {
        if (!ClaimedDigests.IsHex(fingerprint, 64))
            throw new InvalidUploadException($"'{fingerprint}' is no fingerprint: 64 hexadecimal digits, in lower case.");
        if (files.Count == 0)
            throw new InvalidUploadException($"The claim of {fingerprint} names no file: a build that made nothing is not worth knowing.");
        if (files.FirstOrDefault(file => FindListed(branch, file) is null) is { } unlisted)
            throw new InvalidUploadException(
                $"{branch.Name} does not list {unlisted.Name} with the SHA-256 {unlisted.Sha256}: upload it first, then claim what built it."
            );
        var path = repository.Layout.Build(branch.Name, fingerprint);
        var claim = string.Concat(files.Select(file => $"{file.Sha256} {file.Name}\n"));
        if (File.Exists(path) && File.ReadAllText(path) == claim)
            return;
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        repository.Layout.Replace(path, claim);
    }

    /// <summary>What a vouching branch says of the fingerprint, the default branch before others; null where none does.</summary>
    /// <param name="mayRead">Whether the one who asks may read the branch.</param>
    public async Task<CachedBuild?> FindAsync(string fingerprint, Func<BranchName, Task<bool>> mayRead)
    {
        if (!ClaimedDigests.IsHex(fingerprint, 64))
            throw new InvalidUploadException($"'{fingerprint}' is no fingerprint: 64 hexadecimal digits, in lower case.");
        foreach (
            var name in repository
                .Names()
                .Where(name => File.Exists(repository.Layout.Build(name, fingerprint)))
                .OrderByDescending(name => name == repository.DefaultBranch)
        )
        {
            var branch = await repository.BranchAsync(name);
            if (
                branch.Exists
                && repository.Rules.IsTrusted(name, branch.Ref)
                && Read(branch, fingerprint) is { } files
                && await mayRead(name)
            )
                return new CachedBuild(fingerprint, name, files);
        }
        return null;
    }

    List<Package>? Read(Branch branch, string fingerprint)
    {
        var files = new List<Package>();
        foreach (var line in File.ReadAllLines(repository.Layout.Build(branch.Name, fingerprint)))
        {
            if (
                line.Split(' ') is not [var sha256, var name]
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
            .Contents.SuiteComponents.Select(place => branch.Contents.Find(place, file.Name)?.Package)
            .FirstOrDefault(package => package?.Digests.Sha256 == file.Sha256);
}
