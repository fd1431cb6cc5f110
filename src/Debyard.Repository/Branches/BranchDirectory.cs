using System.Collections.Concurrent;
using Debyard.Debian;
using Debyard.Repository.Configuration;
using Debyard.Repository.Identity;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>The branches of a repository root, by folder name.</summary>
public sealed class BranchDirectory
{
    readonly ConcurrentDictionary<BranchName, Lazy<Task<Branch>>> branches = new();
    readonly BranchLoader loader;
    readonly PublishContext context;
    readonly RepositoryOptions options;

    internal BranchDirectory(BranchLoader loader, PublishContext context, BranchRules rules, RepositoryOptions options)
    {
        this.loader = loader;
        this.context = context;
        this.options = options;
        Rules = rules;
    }

    /// <summary>The branch that new branches start from.</summary>
    public BranchName Default => Rules.DefaultBranch;

    internal BranchRules Rules { get; }

    /// <summary>All existing branches, sorted by name.</summary>
    public IReadOnlyList<BranchName> Names() =>
        [
            .. Directory
                .EnumerateDirectories(context.Layout.Root)
                .Select(path => BranchName.TryParse(Path.GetFileName(path), out var name) ? name : (BranchName?)null)
                .OfType<BranchName>()
                .OrderBy(name => name.Value, StringComparer.Ordinal),
        ];

    public bool Exists(BranchName name) => Directory.Exists(context.Layout.Branch(name).Root);

    /// <summary>The branch of that folder, whether or not it exists yet.</summary>
    /// <exception cref="RepositoryUnavailableException">Its files are damaged.</exception>
    public async Task<Branch> GetAsync(BranchName name) => await await branches.GetOnceAsync(name, OpenAsync);

    /// <summary>The existing branch of that folder.</summary>
    /// <exception cref="BranchMissingException">There is none.</exception>
    /// <exception cref="RepositoryUnavailableException">Its files are damaged.</exception>
    public async Task<Branch> RequireAsync(string folderName) =>
        BranchName.TryParse(folderName, out var name) && Exists(name) && await GetAsync(name) is { Exists: true } branch
            ? branch
            : throw BranchMissingException.For(folderName);

    /// <summary>
    /// The branch of a git ref, in the folder named after the ref's slug. If another ref uses that folder, the second slug names it.
    /// </summary>
    /// <exception cref="BranchNameException">The ref's slug cannot name a folder.</exception>
    public async Task<Branch> GetByRefAsync(string gitRef) =>
        await GetAsync(RefSlug.Of(gitRef)) is var first && first.Identity.CanBelongTo(gitRef)
            ? first
            : await GetAsync(RefSlug.OfSecond(gitRef));

    /// <summary>The folder that clients read; null if the branch does not exist. The branch's indexes are not read.</summary>
    /// <exception cref="RepositoryUnavailableException">Its files are damaged.</exception>
    public async Task<BranchFolder?> FindFolderAsync(BranchName name)
    {
        if (!Exists(name))
            return null;
        await loader.RecoverOnceAsync(name);
        return context.Layout.Branch(name);
    }

    /// <summary>A branch's summary, without reading its indexes; null if the branch does not exist.</summary>
    /// <exception cref="RepositoryUnavailableException">Its record is damaged.</exception>
    public BranchSummary? Summarize(BranchName name)
    {
        if (!Exists(name))
            return null;
        var folder = context.Layout.Branch(name);
        var record = ReadRecordHead(folder);
        var published = folder
            .Suites()
            .Select(suite => new FileInfo(folder.InRelease(suite)))
            .Where(file => file.Exists)
            .Select(file => (DateTimeOffset?)file.LastWriteTimeUtc)
            .Max();
        return new BranchSummary(name, record.Ref, record.Parent, record.Owners, Rules.IsProtected(name, record.Ref), published);
    }

    /// <summary>The identity of a branch, which need not exist. Reads at most the head of its record.</summary>
    /// <exception cref="RepositoryUnavailableException">Its record is damaged.</exception>
    public BranchIdentity Identify(BranchName name)
    {
        if (branches.TryGetValue(name, out var opened) && opened is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            return opened.Value.Result.Identity;
        if (!Exists(name))
            return new BranchIdentity(name, null, []);
        var record = ReadRecordHead(context.Layout.Branch(name));
        return new BranchIdentity(name, record.Ref, record.Owners);
    }

    internal async Task DeleteExpiredAsync()
    {
        foreach (var branch in Opened())
            await branch.DeleteExpiredAsync();
    }

    internal async Task CloseAsync()
    {
        foreach (var branch in Opened())
            await branch.CloseAsync();
    }

    static BranchRecord ReadRecordHead(BranchFolder folder)
    {
        try
        {
            return BranchRecord.ReadHead(folder);
        }
        catch (DebianFormatException damage)
        {
            throw new RepositoryUnavailableException($"The branch in {folder.Root} cannot be read: {damage.Message}", damage);
        }
    }

    IEnumerable<Branch> Opened() =>
        branches
            .Values.Where(branch => branch.IsValueCreated && branch.Value.IsCompletedSuccessfully)
            .Select(branch => branch.Value.Result);

    async Task<Branch> OpenAsync(BranchName name) =>
        new(name, await loader.LoadAsync(name), context, Rules, options.Retention, FindAncestorAsync, loader.ReloadAsync);

    async Task<Ancestor?> FindAncestorAsync(BranchName name) =>
        await GetAsync(name) is { Exists: true } branch ? new Ancestor(branch.Name, branch.Folder, branch.Contents) : null;
}
