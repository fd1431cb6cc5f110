using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.BuildCache;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Validation;

/// <summary>A document that a branch recorded.</summary>
public sealed record BranchDocument(BranchName Branch, byte[] Content);

/// <summary>
/// What passed validation, by fingerprint and per branch. Other branches use the verdicts of trusted branches only, because anyone who
/// can write a branch can record anything for it.
/// </summary>
public sealed class VerdictStore
{
    readonly BranchDirectory branches;
    readonly RepositoryLayout layout;
    readonly Action flush;

    internal VerdictStore(BranchDirectory branches, RepositoryLayout layout, Action flush) =>
        (this.branches, this.layout, this.flush) = (branches, layout, flush);

    /// <summary>Records a verdict durably. It replaces the branch's earlier one for the same fingerprint.</summary>
    /// <exception cref="InvalidUploadException">The fingerprint is not valid.</exception>
    public void Record(Branch branch, string fingerprint, byte[] content)
    {
        BuildCacheStore.RequireFingerprint(fingerprint);
        var path = layout.Verdict(branch.Name, fingerprint);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        layout.Replace(path, content);
        flush();
    }

    /// <summary>The branch's own verdict, otherwise one of a trusted branch, the default branch first. Null if there is none.</summary>
    /// <param name="mayRead">Whether the caller may read a branch.</param>
    /// <exception cref="InvalidUploadException">The fingerprint is not valid.</exception>
    public Task<BranchDocument?> FindAsync(Branch branch, string fingerprint, Func<BranchIdentity, bool> mayRead)
    {
        BuildCacheStore.RequireFingerprint(fingerprint);
        return branches.FindDocumentAsync(branch, name => layout.Verdict(name, fingerprint), mayRead);
    }

    /// <summary>The verdicts that the branch itself recorded, newest first.</summary>
    public IEnumerable<byte[]> Of(Branch branch) =>
        Directory.Exists(layout.VerdictsOf(branch.Name))
            ? Directory
                .EnumerateFiles(layout.VerdictsOf(branch.Name), "*", SearchOption.AllDirectories)
                .OrderByDescending(File.GetLastWriteTimeUtc)
                .Select(File.ReadAllBytes)
            : [];

    /// <summary>The files that the branch would now give to apt in other bytes, or not at all.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="installed">What was installed from it.</param>
    public static IEnumerable<string> ChangedSince(Branch branch, IEnumerable<(DebFileName Name, Sha256 Sha256)> installed)
    {
        var latest = branch.Contents.Latest().ToLookup(placed => (placed.Package.FileName.Name, placed.Package.FileName.Architecture));
        foreach (var (name, sha256) in installed)
        {
            var listed = latest[(name.Name, name.Architecture)].ToList();
            if (listed.Count == 0)
                yield return $"{name} is no longer in {branch.Name}";
            else if (listed.TrueForAll(placed => placed.Package.Digests.Sha256 != sha256))
                yield return listed[0].Package.FileName == name
                    ? $"{name} has other content now"
                    : $"{name} is now {listed[0].Package.FileName}";
        }
    }
}
