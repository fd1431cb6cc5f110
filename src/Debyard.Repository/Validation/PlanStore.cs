using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Validation;

/// <summary>
/// How to validate a package, recorded by the branch that uploaded it, and found by every branch that lists the same bytes if that
/// branch is trusted.
/// </summary>
public sealed class PlanStore
{
    readonly BranchDirectory branches;
    readonly RepositoryLayout layout;
    readonly Action flush;

    internal PlanStore(BranchDirectory branches, RepositoryLayout layout, Action flush) =>
        (this.branches, this.layout, this.flush) = (branches, layout, flush);

    /// <summary>Records the plan of a package durably. It replaces the branch's earlier one for the same bytes.</summary>
    /// <exception cref="InvalidUploadException">The branch does not list the package.</exception>
    public void Record(Branch branch, Sha256 sha256, byte[] content)
    {
        if (!branch.Contents.All().Any(placed => placed.Package.Digests.Sha256 == sha256))
            throw new InvalidUploadException($"{branch.Name} lists no package with the SHA-256 {sha256}: upload it first, then its plan.");
        var path = layout.Plan(branch.Name, sha256);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        layout.Replace(path, content);
        flush();
    }

    /// <summary>The packages that the branch lists in their latest version and that carry a plan.</summary>
    /// <param name="branch">The branch.</param>
    /// <param name="mayRead">Whether the caller may read another branch.</param>
    public async Task<IReadOnlyList<(Package Package, BranchDocument Plan)>> OfAsync(Branch branch, Func<BranchIdentity, bool> mayRead)
    {
        var found = new List<(Package, BranchDocument)>();
        foreach (var package in branch.Contents.Latest().Select(placed => placed.Package).DistinctBy(package => package.Digests.Sha256))
            if (await branches.FindDocumentAsync(branch, name => layout.Plan(name, package.Digests.Sha256), mayRead) is { } plan)
                found.Add((package, plan));
        return found;
    }
}
