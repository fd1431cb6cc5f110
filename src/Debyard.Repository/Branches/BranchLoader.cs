using System.Collections.Concurrent;
using Debyard.Debian;
using Debyard.Repository.Identity;
using Debyard.Repository.Publishing;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>Reads branches from disk. It first repairs what an interrupted publish left behind.</summary>
sealed class BranchLoader(RepositoryLayout layout, SigningKey key, BlobStore blobs)
{
    readonly ConcurrentDictionary<BranchName, Lazy<Task>> recovered = new();

    /// <summary>Recovers the branch from an interrupted publish, once per process, without reading its contents.</summary>
    /// <exception cref="RepositoryUnavailableException">The branch's files are damaged.</exception>
    public Task RecoverOnceAsync(BranchName name) => recovered.GetOnceAsync(name, RecoverAsync);

    /// <summary>Reads a branch that has no publisher yet.</summary>
    /// <exception cref="RepositoryUnavailableException">The branch's files are damaged.</exception>
    public async Task<BranchState> LoadAsync(BranchName name)
    {
        await RecoverOnceAsync(name);
        return await BranchState.ReadAsync(layout.Branch(name), blobs.Metadata);
    }

    /// <summary>Reads a branch again after a failed publish.</summary>
    public async Task<BranchState> ReloadAsync(BranchName name)
    {
        var state = await BranchState.ReadAsync(layout.Branch(name), blobs.Metadata);
        await RecoverAsync(name);
        return state;
    }

    async Task RecoverAsync(BranchName name)
    {
        var folder = layout.Branch(name);
        try
        {
            await new PublishRecovery(layout, key, folder).RecoverAsync();
        }
        catch (DebianFormatException damage)
        {
            throw new RepositoryUnavailableException($"The branch in {folder.Root} cannot be read: {damage.Message}", damage);
        }
    }
}
