using Debyard.Repository.Branches;
using Debyard.Repository.Identity;

namespace Debyard.Repository.Validation;

static class TrustedDocuments
{
    /// <summary>The branch's own document, otherwise that of a trusted branch, the default branch first. Null if there is none.</summary>
    public static async Task<BranchDocument?> FindDocumentAsync(
        this BranchDirectory branches,
        Branch branch,
        Func<BranchName, string> path,
        Func<BranchIdentity, bool> mayRead
    )
    {
        var others = branches.Names().Where(name => name != branch.Name).OrderByDescending(name => name == branches.Default);
        foreach (var name in others.Prepend(branch.Name).Where(name => File.Exists(path(name))))
        {
            var recorder = name == branch.Name ? branch : await branches.GetAsync(name);
            if (name == branch.Name || recorder.Exists && branches.Rules.IsTrusted(name, recorder.Ref) && mayRead(recorder.Identity))
                return new BranchDocument(name, await File.ReadAllBytesAsync(path(name)));
        }
        return null;
    }
}
