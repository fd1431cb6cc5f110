using System.Threading.Channels;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Operations;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>
/// One branch's repository and its only publisher: requests queue here, all that wait are published together, and each is
/// answered after the switch. Where the folder does not exist yet, the first write makes it.
/// </summary>
public sealed class Branch
{
    static readonly TimeSpan sweepInterval = TimeSpan.FromHours(1);

    readonly RepositoryRoot repository;
    readonly Channel<Submission> queue = Channel.CreateUnbounded<Submission>(new() { SingleReader = true });
    readonly Task publisher;
    volatile BranchState state;
    DateTimeOffset nextSweep;

    // A publish that failed may have switched before it did: then the files say what the branch is.
    bool needsReload;

    internal Branch(RepositoryRoot repository, BranchName name, BranchState state)
    {
        this.repository = repository;
        this.state = state;
        Name = name;
        publisher = Task.Run(PublishLoopAsync);
    }

    public BranchName Name { get; }

    /// <summary>False until the first write: nothing of it is on disk.</summary>
    public bool Exists => state.Exists;

    /// <summary>The full ref, null as long as only the folder's name was ever said.</summary>
    public string? Ref => state.Record.Ref;

    public BranchName? Parent => state.Record.Parent;

    /// <summary>The projects that have written to it, as far as they said who they are; sorted.</summary>
    public IReadOnlyList<Project> Owners => state.Record.Owners;

    /// <summary>The default branch or a release: never retired.</summary>
    public bool IsProtected => repository.Rules.IsProtected(Name, Ref);

    /// <summary>What clients see.</summary>
    public BranchContents Contents => state.Contents;

    public BranchFolder Folder => repository.Layout.Branch(Name);

    /// <summary>Lists the file if the server has its bytes; where that makes the branch, it is born with what it inherits.</summary>
    /// <exception cref="InvalidUploadException">The digests contradict each other or the name.</exception>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public async Task<OfferOutcome> ProbeAsync(WriterIdentity writer, Offer offer) =>
        (await OfferAsync(UploadMode.Probe, writer, offer))[0];

    /// <summary>Lists a received file.</summary>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public async Task<OfferOutcome> AddAsync(WriterIdentity writer, Offer offer) => (await OfferAsync(UploadMode.Upload, writer, offer))[0];

    /// <summary>Keeps a received file for the batch that closes the upload; kept through a restart.</summary>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public async Task<OfferOutcome> KeepAsync(WriterIdentity writer, Offer offer) =>
        (await OfferAsync(UploadMode.UploadForLater, writer, offer))[0];

    /// <summary>
    /// Lists all files whose bytes the server has, and, where none is missing, all that were kept for later, in one publish.
    /// </summary>
    /// <returns>What became of each, in order.</returns>
    /// <exception cref="InvalidUploadException">The digests of a file contradict each other or its name: nothing changed.</exception>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public Task<IReadOnlyList<OfferOutcome>> AddAsync(WriterIdentity writer, IReadOnlyList<Offer> offers) =>
        OfferAsync(UploadMode.Batch, writer, [.. offers]);

    /// <summary>Makes the branch if there is none.</summary>
    /// <param name="parent">Whose packages a new branch starts with; null: the default branch's.</param>
    /// <returns>True where this made it.</returns>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    /// <exception cref="BranchMissingException">There is no such parent.</exception>
    public Task<bool> CreateAsync(WriterIdentity writer, Parentage? parent = null) =>
        ChangeAsync(async change =>
        {
            await change.AuthorizeAsync(writer, parent);
            var isNew = !change.WillExist;
            change.EnsureExists(writer);
            return isNew;
        });

    /// <summary>Brings the packages that are newer in the parent by now; of what the branch built itself nothing is touched.</summary>
    /// <returns>What it brought.</returns>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public Task<IReadOnlyList<DebFileName>> RefreshAsync(WriterIdentity writer) =>
        ChangeAsync(change => Refresh.RunAsync(repository, change, writer));

    /// <summary>Lists the package no longer. Its file can be fetched for the time of retention.</summary>
    /// <returns>False where it was not listed: nothing changed.</returns>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public Task<bool> DeleteAsync(WriterIdentity writer, SuiteComponent place, DebFileName file) =>
        ChangeAsync(async change =>
        {
            if (!change.Before.Exists)
                return false;
            await change.AuthorizeAsync(writer);
            if (change.Find(place, file) is not { } listed)
                return false;
            change.Unlist(place, listed);
            change.AddJournalEntry(writer, JournalAct.Deleted, [(place, listed.Package)]);
            return true;
        });

    /// <summary>Lists packages that <paramref name="from"/> lists, all or, where one conflicts, none. No bytes move.</summary>
    /// <returns>What became of each, in order.</returns>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public Task<IReadOnlyList<OfferOutcome>> PromoteAsync(
        WriterIdentity writer,
        BranchName from,
        IReadOnlyList<(SuiteComponent Place, Package Package)> packages
    ) => ChangeAsync(change => Promotion.TakeAsync(change, writer, from, packages));

    /// <summary>Takes the branch away, at once, or only the writer's project from its owners where there are others.</summary>
    /// <exception cref="BranchProtectedException">It is the default branch, or a release.</exception>
    /// <exception cref="BranchMissingException">There is no such branch.</exception>
    public Task<RetireOutcome> RetireAsync(WriterIdentity writer) =>
        RelocateAsync(now => repository.Retirement.RetireAsync(Name, now, writer));

    /// <summary>Brings back the branch as it was when it was last retired.</summary>
    /// <param name="id">Of an earlier one of its name: <see cref="RetiredBranch.Id"/>.</param>
    /// <exception cref="BranchTakenException">There is a branch of this name.</exception>
    /// <exception cref="BranchMissingException">None was retired, or it is freed.</exception>
    public Task<bool> RestoreAsync(WriterIdentity writer, long? id = null) =>
        RelocateAsync(now => repository.Retirement.RestoreAsync(Name, now, writer, id));

    /// <summary>True where the branch can be <paramref name="gitRef"/>'s: it is, or nobody said yet whose it is.</summary>
    public bool CanBeOf(string gitRef) => Ref is null || Ref == gitRef;

    /// <summary>What an upload announced this way would be answered, where that is certain before its body is read; else null.</summary>
    public OfferOutcome? TryAnswerEarly(SuiteComponent place, DebFileName file, ClaimedDigests announced) =>
        announced.Sha256 is null || state.Contents.Find(place, file) is not { } listed ? null
        : announced.AreOf(listed.Package.Digests)
            ? announced.Contradiction(listed.Package.Digests) is null ? OfferOutcome.Present
                : null
        : listed.Ownership == Ownership.Own && !repository.Rules.AllowsReplacing(Name, Ref) ? OfferOutcome.Conflict
        : null;

    internal Task<string?> MoveToTrashAsync(RetiredBranch retired) =>
        RelocateAsync(now => Task.FromResult((now, repository.Retirement.MoveToTrash(retired))));

    /// <summary>Takes away what clients can no longer be after; see <see cref="Retention"/>.</summary>
    internal Task SweepAsync() =>
        RelocateAsync(now =>
        {
            SweepWhenDue();
            return Task.FromResult((now, true));
        });

    internal async Task CloseAsync()
    {
        queue.Writer.TryComplete();
        await publisher;
    }

    Task<IReadOnlyList<OfferOutcome>> OfferAsync(UploadMode purpose, WriterIdentity writer, params Offer[] offers) =>
        ChangeAsync(change => new OfferResolver(repository, change, writer, purpose).TakeAsync(offers));

    Task<T> ChangeAsync<T>(Func<BranchTransaction, Task<T>> decide)
    {
        var submission = new ContentChange<T>(decide);
        Submit(submission);
        return submission.Answered;
    }

    Task<T> RelocateAsync<T>(Func<BranchState, Task<(BranchState, T)>> move)
    {
        var submission = new Relocation<T>(move);
        Submit(submission);
        return submission.Answered;
    }

    void Submit(Submission submission)
    {
        if (!queue.Writer.TryWrite(submission))
            throw new RepositoryUnavailableException("The repository server is stopping; send the request again when it is back.");
    }

    async Task PublishLoopAsync()
    {
        while (await queue.Reader.WaitToReadAsync())
        {
            var waiting = new List<ContentChange>();
            while (queue.Reader.TryRead(out var submission))
            {
                if (submission is ContentChange one)
                {
                    waiting.Add(one);
                    continue;
                }
                await PublishAsync(waiting);
                waiting.Clear();
                await MoveAsync((Relocation)submission);
            }
            await PublishAsync(waiting);
        }
    }

    async Task PublishAsync(List<ContentChange> waiting)
    {
        if (waiting.Count == 0)
            return;
        try
        {
            foreach (var decided in await PublishTogetherAsync(waiting))
                decided.Answer();
            SweepWhenDue();
        }
        catch (Exception fault) // whatever stopped the publish is each waiter's to tell; the next publish may do
        {
            await TryReloadAsync();
            waiting.ForEach(one => one.Fail(fault));
        }
    }

    // Whoever is answered finds everything done, or everything taken back.
    async Task<List<ContentChange>> PublishTogetherAsync(List<ContentChange> waiting)
    {
        await ReloadIfNeededAsync();
        needsReload = true;
        using var change = new BranchTransaction(repository, Name, state);
        using var publish = new BranchPublish(repository, change);
        var decided = new List<ContentChange>();
        foreach (var one in waiting)
            if (await DecideAsync(one, change))
                decided.Add(one);
        VersionExpiry.Unlist(change, repository.Rules.VersionsOf(Name, change.Record.Ref), Folder, repository.Options.Time.GetUtcNow());
        state = await publish.CompleteAsync();
        needsReload = false;
        publish.Settle();
        // Nothing in a new branch is old yet.
        if (!change.Before.Exists && Exists)
            nextSweep = repository.Options.Time.GetUtcNow() + sweepInterval;
        return decided;
    }

    // Before the waiters are told, so that they find the branch whole; where the disk does not let us, before the next publish.
    async Task TryReloadAsync()
    {
        try
        {
            await ReloadIfNeededAsync();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or RepositoryUnavailableException) { }
    }

    async Task ReloadIfNeededAsync()
    {
        if (needsReload)
            state = await repository.ReadStateAsync(Name);
        needsReload = false;
    }

    void SweepWhenDue()
    {
        var now = repository.Options.Time.GetUtcNow();
        if (!Exists || now < nextSweep)
            return;
        nextSweep = now + sweepInterval;
        Retention.Sweep(Folder, Contents, now - repository.Options.Retention, now);
    }

    async Task MoveAsync(Relocation relocation)
    {
        try
        {
            await ReloadIfNeededAsync();
            state = await relocation.MoveAsync(state);
            relocation.Answer();
        }
        catch (Exception fault) // the one who asked is told
        {
            // A disk that fails may not let it be moved back.
            needsReload |= fault is IOException or UnauthorizedAccessException;
            await TryReloadAsync();
            relocation.Fail(fault);
        }
    }

    static async Task<bool> DecideAsync(ContentChange one, BranchTransaction change)
    {
        try
        {
            await one.DecideAsync(change);
            return true;
        }
        catch (Exception fault) when (fault is InvalidUploadException or BranchTakenException or BranchMissingException)
        {
            one.Fail(fault);
            return false;
        }
    }
}
