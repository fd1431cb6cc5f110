using System.Collections.Concurrent;
using Debyard.Debian;
using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Operations;
using Debyard.Repository.Publishing;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;
using Debyard.Repository.Verification;

namespace Debyard.Repository;

/// <summary>All branches' repositories below one folder. One process at a time works on a root.</summary>
public sealed class RepositoryRoot : IAsyncDisposable
{
    readonly ConcurrentDictionary<BranchName, Lazy<Task<Branch>>> branches = new();
    readonly ConcurrentDictionary<BranchName, Lazy<Task>> whole = new();
    readonly RootLock rootLock;

    RepositoryRoot(RepositoryOptions options, RepositoryLayout layout, RootLock rootLock, SigningKey key)
    {
        this.rootLock = rootLock;
        Options = options;
        Layout = layout;
        Key = key;
        Blobs = new BlobStore(layout);
        Suites = new SuitePublisher(layout, options, key);
        DefaultBranch = RefSlug.Of(options.DefaultBranch);
        Rules = new BranchRules(options, DefaultBranch);
        Journal = JournalStore.Open(layout);
        Retirement = new Retirement(this);
    }

    public RepositoryLayout Layout { get; }

    public SigningKey Key { get; }

    /// <summary>The folder of the ref that new branches start from.</summary>
    public BranchName DefaultBranch { get; }

    /// <summary>Who did what.</summary>
    public JournalStore Journal { get; }

    internal RepositoryOptions Options { get; }

    internal BlobStore Blobs { get; }

    internal SuitePublisher Suites { get; }

    internal BranchRules Rules { get; }

    internal Retirement Retirement { get; }

    /// <summary>Takes the root for this process, makes its key if it has none, and clears what a killed process left half-done.</summary>
    /// <exception cref="RepositoryUnavailableException">Not writable, in use by another server, or no gpg.</exception>
    /// <exception cref="BranchNameException">The default branch cannot name a folder.</exception>
    public static RepositoryRoot Open(RepositoryOptions options)
    {
        var layout = new RepositoryLayout(options.Root);
        try
        {
            Directory.CreateDirectory(layout.Private);
            var rootLock = RootLock.Take(layout);
            try
            {
                Clear(layout.Temporary);
                Clear(layout.Births);
                return new RepositoryRoot(options, layout, rootLock, SigningKey.Open(layout));
            }
            catch
            {
                rootLock.Dispose();
                throw;
            }
        }
        catch (Exception fault) when (fault is UnauthorizedAccessException or IOException)
        {
            throw new RepositoryUnavailableException($"The repository folder {layout.Root} cannot be written: {fault.Message}", fault);
        }
    }

    /// <summary>The branch of that folder, existing or not.</summary>
    /// <exception cref="RepositoryUnavailableException">Its files are damaged.</exception>
    public async Task<Branch> BranchAsync(BranchName name)
    {
        return await await OnceAsync(branches, name, ReadAsync);
    }

    /// <summary>The folder that the branch's clients read; null where there is no branch. What it lists need not be read for that.</summary>
    /// <exception cref="RepositoryUnavailableException">Its files are damaged.</exception>
    public async Task<BranchFolder?> FolderAsync(BranchName name)
    {
        if (!Exists(name))
            return null;
        await OnceAsync(whole, name, MakeWholeAsync);
        return Layout.Branch(name);
    }

    /// <summary>The branch of a ref: in the folder of its slug, or where another ref has that one, in a folder of its own.</summary>
    /// <exception cref="BranchNameException">The ref's slug can be no folder.</exception>
    public async Task<Branch> BranchOfAsync(string gitRef) =>
        await BranchAsync(RefSlug.Of(gitRef)) is var first && first.CanBeOf(gitRef) ? first : await BranchAsync(RefSlug.OfSecond(gitRef));

    /// <summary>All branches there are, by name.</summary>
    public IReadOnlyList<BranchName> Names() =>
        [
            .. Directory
                .EnumerateDirectories(Layout.Root)
                .Select(path => BranchName.TryParse(Path.GetFileName(path), out var name) ? name : (BranchName?)null)
                .OfType<BranchName>()
                .OrderBy(name => name.Value, StringComparer.Ordinal),
        ];

    /// <summary>What there is to say of a branch without reading what it lists; null where there is none.</summary>
    /// <exception cref="RepositoryUnavailableException">Its record is damaged.</exception>
    public BranchSummary? Summary(BranchName name)
    {
        var folder = Layout.Branch(name);
        if (!Exists(name))
            return null;
        try
        {
            var record = BranchRecord.ReadHead(folder);
            var published = folder
                .Suites()
                .Select(suite => new FileInfo(folder.InRelease(suite)))
                .Where(file => file.Exists)
                .Select(file => (DateTimeOffset?)file.LastWriteTimeUtc)
                .Max();
            return new BranchSummary(name, record.Ref, record.Parent, record.Owners, Rules.IsProtected(name, record.Ref), published);
        }
        catch (DebianFormatException damage)
        {
            throw new RepositoryUnavailableException($"The branch in {folder.Root} cannot be read: {damage.Message}", damage);
        }
    }

    /// <summary>The branches that can be restored, the last retired first.</summary>
    public IReadOnlyList<RetiredBranch> Retired() => Retirement.All();

    /// <summary>
    /// Frees what nobody needs any more: retired branches whose time of grace is over, files that clients can no longer be after, and the bytes that
    /// no branch links. Safe beside everything else; to be called now and then.
    /// </summary>
    /// <returns>The bytes of packages that came back.</returns>
    public async Task<long> CollectGarbageAsync()
    {
        foreach (var branch in branches.Values.Where(branch => branch.IsValueCreated && branch.Value.IsCompletedSuccessfully))
            await branch.Value.Result.SweepAsync();
        await Retirement.FreeAsync();
        return await Task.Run(Blobs.CollectGarbage);
    }

    public bool Exists(BranchName name) => Directory.Exists(Layout.Branch(name).Root);

    /// <summary>Receives an upload and checks it. It is kept where a branch takes it; dispose it when that is decided.</summary>
    /// <exception cref="InvalidUploadException">Its digests, content or name are not what they should be; nothing is left.</exception>
    public Task<IncomingFile> ReceiveAsync(Stream body, DebFileName name, ClaimedDigests claimed, CancellationToken cancellation) =>
        Blobs.ReceiveAsync(body, name, claimed, cancellation);

    /// <summary>Writes a file and signs it, as a publish does.</summary>
    /// <returns>Why a publish would fail now, in one sentence without paths; null where nothing stands against it.</returns>
    public async Task<string?> FindDefectAsync()
    {
        var path = Layout.NewTemporary();
        try
        {
            await File.WriteAllBytesAsync(path, await Key.DetachSignAsync("ready\n"u8.ToArray()));
            File.Delete(path);
            return null;
        }
        catch (RepositoryUnavailableException)
        {
            return "The repository's key cannot sign.";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault is IOException full && DiskFault.IsFull(full)
                ? "The repository's disk is full."
                : "The repository's folder cannot be written.";
        }
    }

    /// <summary>
    /// Reads every byte: hashes each package file, follows each branch from its signature to its packages. What is kept about a
    /// package is made again where it is missing or damaged. Others are served meanwhile.
    /// </summary>
    public async Task<VerificationReport> VerifyAsync(CancellationToken cancellation)
    {
        var blobs = new BlobVerification(Layout, Blobs);
        await blobs.RunAsync(cancellation);
        var names = Names();
        var damaged = new List<Damage>(blobs.Damaged);
        foreach (var name in names)
        {
            try
            {
                // Sets right what a killed publish left, if nobody has asked for the branch yet.
                _ = await BranchAsync(name);
            }
            catch (RepositoryUnavailableException fault)
            {
                damaged.Add(new Damage(name.Value, fault.Message));
            }
            damaged.AddRange(await new BranchVerification(Layout, Key, Layout.Branch(name)).RunAsync(cancellation));
        }
        return new VerificationReport(
            blobs.Count,
            blobs.Bytes,
            names.Count,
            [.. blobs.Rebuilt.Order(StringComparer.Ordinal)],
            [.. damaged.OrderBy(damage => damage.Path, StringComparer.Ordinal)]
        );
    }

    /// <summary>Publishes what is queued, then lets go of the root.</summary>
    public async ValueTask DisposeAsync()
    {
        foreach (var branch in branches.Values.Where(branch => branch.IsValueCreated && branch.Value.IsCompletedSuccessfully))
            await branch.Value.Result.CloseAsync();
        Key.Dispose();
        rootLock.Dispose();
    }

    /// <summary>Everything written so far survives a power cut after this.</summary>
    internal void Flush() => Posix.SyncFileSystem(rootLock.Handle);

    /// <summary>What a branch's files say it is, once what a killed publish left torn is set right.</summary>
    internal async Task<BranchState> ReadStateAsync(BranchName name)
    {
        var state = await BranchState.ReadAsync(Layout.Branch(name), Blobs);
        await new PublishRecovery(Layout, Key, Layout.Branch(name)).RecoverAsync();
        return state;
    }

    async Task<Branch> ReadAsync(BranchName name)
    {
        // There is no publisher before: nobody else touches the files.
        await OnceAsync(whole, name, MakeWholeAsync);
        return new(this, name, await BranchState.ReadAsync(Layout.Branch(name), Blobs));
    }

    async Task MakeWholeAsync(BranchName name)
    {
        var folder = Layout.Branch(name);
        try
        {
            await new PublishRecovery(Layout, Key, folder).RecoverAsync();
        }
        catch (DebianFormatException damage)
        {
            throw new RepositoryUnavailableException($"The branch in {folder.Root} cannot be read: {damage.Message}", damage);
        }
    }

    // What failed is tried again by the next who asks.
    static async Task<T> OnceAsync<T>(ConcurrentDictionary<BranchName, Lazy<T>> done, BranchName name, Func<BranchName, T> act)
        where T : Task
    {
        var doing = done.GetOrAdd(name, static (name, act) => new(() => act(name)), act);
        try
        {
            await doing.Value;
            return doing.Value;
        }
        catch
        {
            done.TryRemove(KeyValuePair.Create(name, doing));
            throw;
        }
    }

    static void Clear(string folder)
    {
        if (Directory.Exists(folder))
            Directory.Delete(folder, recursive: true);
        Directory.CreateDirectory(folder);
    }
}
