using System.Threading.Channels;
using Debyard.Repository.Configuration;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>
/// One branch and its only publisher. Requests queue here; all waiting ones are published together and answered once clients see the
/// result. The first write creates the branch's folder.
/// </summary>
public sealed class Branch
{
    static readonly TimeSpan sweepInterval = TimeSpan.FromHours(1);

    readonly PublishContext context;
    readonly BranchRules rules;
    readonly TimeSpan retention;
    readonly Func<BranchName, WriterIdentity, Task<Ancestor?>> findParent;
    readonly Func<BranchName, Task<BranchState>> reload;
    readonly Channel<Submission> queue = Channel.CreateUnbounded<Submission>(new() { SingleReader = true });
    readonly Task publisher;
    volatile BranchState state;
    DateTimeOffset nextSweep;

    // A failed publish may have switched to the new files before it failed, so they must be read again.
    bool needsReload;

    internal Branch(
        BranchName name,
        BranchState state,
        PublishContext context,
        BranchRules rules,
        TimeSpan retention,
        Func<BranchName, WriterIdentity, Task<Ancestor?>> findParent,
        Func<BranchName, Task<BranchState>> reload
    )
    {
        (Name, this.state, this.context, this.rules, this.retention) = (name, state, context, rules, retention);
        (this.findParent, this.reload) = (findParent, reload);
        publisher = Task.Run(PublishLoopAsync);
    }

    public BranchName Name { get; }

    /// <summary>False until the first write; until then the branch has no files.</summary>
    public bool Exists => state.Exists;

    /// <summary>The full git ref; null until a writer names one.</summary>
    public string? Ref => state.Record.Ref;

    public BranchName? Parent => state.Record.Parent;

    /// <summary>The projects that have written to the branch and named themselves, sorted by path.</summary>
    public IReadOnlyList<Project> Owners => state.Record.Owners;

    public BranchIdentity Identity => state.Record.Identify(Name, rules, state.Exists);

    /// <summary>True for the default branch and releases, which are never retired.</summary>
    public bool IsProtected => rules.IsProtected(Name, Ref);

    /// <summary>The packages that clients see.</summary>
    public BranchContents Contents => state.Contents;

    public BranchFolder Folder => context.Layout.Branch(Name);

    internal BranchRecord Record => state.Record;

    internal bool AllowsReplacing => rules.AllowsReplacing(Name, Ref);

    /// <summary>Creates the branch if it does not exist.</summary>
    /// <param name="parent">The branch whose packages a new branch starts with; null: the default branch.</param>
    /// <returns>False if the branch existed already.</returns>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    /// <exception cref="BranchMissingException">There is no such parent.</exception>
    public Task<bool> CreateAsync(WriterIdentity writer, Parentage? parent = null) =>
        ChangeAsync(async transaction =>
        {
            await transaction.AuthorizeAsync(writer, [], parent);
            var isNew = !transaction.WillExist;
            transaction.EnsureExists(writer);
            return isNew;
        });

    /// <summary>Queues a change of what the branch lists. It is answered when the change is durable and clients see it.</summary>
    internal Task<T> ChangeAsync<T>(Func<BranchTransaction, Task<T>> decide)
    {
        var submission = new ContentChange<T>(decide);
        Submit(submission);
        return submission.Answered;
    }

    /// <summary>Queues a change of the branch as a whole, such as its retirement; nothing else happens to the branch meanwhile.</summary>
    internal Task<T> RelocateAsync<T>(Func<BranchState, Task<(BranchState, T)>> move)
    {
        var submission = new Relocation<T>(move);
        Submit(submission);
        return submission.Answered;
    }

    /// <summary>Deletes files that clients no longer need; see <see cref="Retention"/>.</summary>
    internal Task DeleteExpiredAsync() =>
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
                if (submission is ContentChange change)
                {
                    waiting.Add(change);
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
        catch (Exception exception) // reported to every waiter; the next publish may succeed
        {
            await TryReloadAsync();
            waiting.ForEach(change => change.Fail(exception));
        }
    }

    // Answer after all work is done or undone, so that a client never sees an intermediate state.
    async Task<List<ContentChange>> PublishTogetherAsync(List<ContentChange> waiting)
    {
        await ReloadIfNeededAsync();
        needsReload = true;
        using var transaction = new BranchTransaction(Name, state, context, rules, findParent);
        using var publish = new BranchPublish(context, transaction);
        var decided = new List<ContentChange>();
        foreach (var change in waiting)
            if (await DecideAsync(change, transaction))
                decided.Add(change);
        VersionExpiry.Apply(transaction, rules.VersionsOf(Name, transaction.Record.Ref), Folder, context.Now);
        state = await publish.CompleteAsync();
        needsReload = false;
        publish.Settle();
        // Nothing in a new branch has expired yet.
        if (!transaction.Before.Exists && Exists)
            nextSweep = context.Now + sweepInterval;
        return decided;
    }

    // Reload before reporting the failure, so that callers find a consistent branch. If the disk prevents that, the next publish reloads.
    async Task TryReloadAsync()
    {
        try
        {
            await ReloadIfNeededAsync();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or RepositoryUnavailableException) { }
    }

    async Task ReloadIfNeededAsync()
    {
        if (needsReload)
            state = await reload(Name);
        needsReload = false;
    }

    void SweepWhenDue()
    {
        var now = context.Now;
        if (!Exists || now < nextSweep)
            return;
        nextSweep = now + sweepInterval;
        Retention.Sweep(Folder, Contents, now - retention, now);
    }

    async Task MoveAsync(Relocation relocation)
    {
        try
        {
            await ReloadIfNeededAsync();
            state = await relocation.MoveAsync(state);
            relocation.Answer();
        }
        catch (Exception exception) // reported to the caller
        {
            // A failing disk may have prevented moving the branch back.
            needsReload |= exception is IOException or UnauthorizedAccessException;
            await TryReloadAsync();
            relocation.Fail(exception);
        }
    }

    static async Task<bool> DecideAsync(ContentChange change, BranchTransaction transaction)
    {
        try
        {
            await change.DecideAsync(transaction);
            return true;
        }
        catch (Exception exception)
            when (exception
                    is InvalidUploadException
                        or BranchNameException
                        or BranchTakenException
                        or BranchMissingException
                        or WriteRefusedException
            )
        {
            change.Fail(exception);
            return false;
        }
    }
}
