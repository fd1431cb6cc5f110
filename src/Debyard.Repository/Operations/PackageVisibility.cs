using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Decides which packages a writer may know about: those listed by a branch that it may read.</summary>
sealed class PackageVisibility(BranchDirectory branches, WriterIdentity writer)
{
    List<Branch>? readable;

    public async ValueTask<bool> IncludesAsync(Package package)
    {
        if (writer.MayRead is not { } mayRead)
            return true;
        readable ??= await ReadableAsync(mayRead);
        return readable.Exists(branch => branch.Contents.Lists(package));
    }

    async Task<List<Branch>> ReadableAsync(Func<BranchIdentity, bool> mayRead)
    {
        var found = new List<Branch>();
        foreach (var name in branches.Names())
            if (await FindAsync(name) is { Exists: true } branch && mayRead(branch.Identity))
                found.Add(branch);
        return found;
    }

    async Task<Branch?> FindAsync(BranchName name)
    {
        try
        {
            return await branches.GetAsync(name);
        }
        catch (RepositoryUnavailableException)
        {
            // A damaged branch must not fail uploads to others; packages that only it lists are uploaded again.
            return null;
        }
    }
}
