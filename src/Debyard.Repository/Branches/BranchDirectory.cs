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

    // Of branches that are not opened. Only opened ones change.
    readonly ConcurrentDictionary<BranchName, BranchIdentity> identities = new();
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
    /// The folder of a git ref's branch: the one that it has, or else the ref's slug, or, if another ref uses that, its second slug.
    /// </summary>
    /// <exception cref="BranchNameException">The ref's slug cannot name a folder.</exception>
    public BranchName FolderOf(string gitRef)
    {
        var (first, second) = (Identify(RefSlug.Of(gitRef)), Identify(RefSlug.OfSecond(gitRef)));
        var isInSecond = second is { Exists: true } && second.Ref == gitRef && !(first is { Exists: true } && first.Ref == gitRef);
        return isInSecond || !first.CanBelongTo(gitRef) ? second.Name : first.Name;
    }

    /// <summary>The folder of the existing branch of a git ref; null if it has none.</summary>
    internal BranchName? Find(string gitRef) =>
        FolderOf(gitRef) is var folder && Identify(folder) is { Exists: true } branch && branch.Ref == gitRef ? folder : null;

    /// <summary>The branch that a write is for which names this folder and, unless null, this ref.</summary>
    /// <exception cref="BranchNameException">The folder cannot be that of the ref.</exception>
    /// <exception cref="BranchTakenException">The folder belongs to another ref, or the ref's branch has another folder.</exception>
    public BranchIdentity Resolve(BranchName folder, string? gitRef)
    {
        var branch = Identify(folder).For(gitRef);
        return gitRef is null || FolderOf(gitRef) is var own && own == folder
            ? branch
            : throw new BranchTakenException($"The branch of the ref {gitRef} has the folder {own}, not {folder}.");
    }

    /// <summary>True if other branches use the builds that this branch has recorded in the build cache.</summary>
    public bool IsTrusted(BranchIdentity branch) => Rules.IsTrusted(branch.Name, branch.Ref);

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

    /// <summary>
    /// The identity of a branch, which need not exist. It takes the same time for an existing and for a missing branch, once
    /// <see cref="IdentifyAll"/> has run: a caller that may not read a branch must not learn that it exists.
    /// </summary>
    /// <exception cref="RepositoryUnavailableException">Its record is damaged.</exception>
    public BranchIdentity Identify(BranchName name)
    {
        var exists = Exists(name);
        return branches.TryGetValue(name, out var opened) && opened is { IsValueCreated: true, Value.IsCompletedSuccessfully: true }
                ? opened.Value.Result.Identity
            : !exists ? BranchRecord.Empty.Identify(name, Rules, exists)
            : identities.TryGetValue(name, out var identity) ? identity
            : Read(name);

        BranchIdentity Read(BranchName name) =>
            identities[name] = ReadRecordHead(context.Layout.Branch(name)).Identify(name, Rules, exists: true);
    }

    /// <summary>Reads the identities of all branches, so that none takes longer later.</summary>
    internal void IdentifyAll(CancellationToken cancellation)
    {
        foreach (var name in Names().TakeWhile(_ => !cancellation.IsCancellationRequested))
            try
            {
                Identify(name);
            }
            catch (Exception fault) when (fault is RepositoryUnavailableException or IOException)
            {
                // It is reported to those who use the branch.
            }
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

    async Task<Branch> OpenAsync(BranchName name)
    {
        var state = await loader.LoadAsync(name);
        identities.TryRemove(name, out _);
        return new Branch(name, state, context, Rules, options.Retention, FindAncestorAsync, loader.ReloadAsync);
    }

    // To a writer without read access a parent looks missing.
    async Task<Ancestor?> FindAncestorAsync(BranchName name, WriterIdentity writer) =>
        await GetAsync(name) is { Exists: true } branch && writer.CanRead(branch.Identity)
            ? new Ancestor(branch.Name, branch.Folder, branch.Contents)
            : null;
}
