using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>What of the server's packages a writer may know of: those that some branch it may read lists.</summary>
sealed class PackageVisibility(RepositoryRoot repository, WriterIdentity writer)
{
    List<Branch>? readable;

    public async ValueTask<bool> IncludesAsync(Package package)
    {
        if (writer.MayRead is not { } mayRead)
            return true;
        readable ??= await ReadableAsync(mayRead);
        return readable.Exists(branch => branch.Contents.Lists(package));
    }

    async Task<List<Branch>> ReadableAsync(Func<Branch, bool> mayRead)
    {
        var branches = new List<Branch>();
        foreach (var name in repository.Names())
            if (await FindAsync(name) is { Exists: true } branch && mayRead(branch))
                branches.Add(branch);
        return branches;
    }

    async Task<Branch?> FindAsync(BranchName name)
    {
        try
        {
            return await repository.BranchAsync(name);
        }
        catch (RepositoryUnavailableException)
        {
            // Another branch's damage is not this one's failure; what only that one lists is sent again.
            return null;
        }
    }
}
