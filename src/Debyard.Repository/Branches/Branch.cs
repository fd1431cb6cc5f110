using System.Threading.Channels;
using Debyard.Debian;

namespace Debyard.Repository;

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

    /// <summary>What clients see.</summary>
    public BranchContents Contents => state.Contents;

    public BranchFolder Folder => repository.Layout.Branch(Name);

    /// <summary>Lists the file if the server has its bytes; where that makes the branch, it is born with what it inherits.</summary>
    /// <exception cref="InvalidUploadException">The digests contradict each other or the name.</exception>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public async Task<OfferOutcome> ProbeAsync(string? gitRef, Offer offer) => (await SubmitAsync(Purpose.Probe, gitRef, offer))[0];

    /// <summary>Lists a received file.</summary>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public async Task<OfferOutcome> AddAsync(string? gitRef, Offer offer) => (await SubmitAsync(Purpose.Upload, gitRef, offer))[0];

    /// <summary>Keeps a received file for the batch that closes the upload; kept through a restart.</summary>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public async Task<OfferOutcome> KeepAsync(string? gitRef, Offer offer) => (await SubmitAsync(Purpose.UploadForLater, gitRef, offer))[0];

    /// <summary>
    /// Lists all files whose bytes the server has, and, where none is missing, all that were kept for later, in one publish.
    /// </summary>
    /// <returns>What became of each, in order.</returns>
    /// <exception cref="InvalidUploadException">The digests of a file contradict each other or its name: nothing changed.</exception>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public Task<IReadOnlyList<OfferOutcome>> AddAsync(string? gitRef, IReadOnlyList<Offer> offers) => SubmitAsync(Purpose.Batch, gitRef, [.. offers]);

    /// <summary>Makes the branch if there is none.</summary>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public Task CreateAsync(string? gitRef) => SubmitAsync(Purpose.Create, gitRef);

    /// <summary>True where the branch can be <paramref name="gitRef"/>'s: it is, or nobody said yet whose it is.</summary>
    public bool CanBeOf(string gitRef) => Ref is null || Ref == gitRef;

    /// <summary>What an upload announced this way would be answered, where that is certain before its body is read; else null.</summary>
    public OfferOutcome? Foresee(Place place, DebFileName file, ClaimedDigests announced) =>
        announced.Sha256 is null || state.Contents.Find(place, file) is not { } listed ? null
        : announced.AreOf(listed.Package.Digests) ? announced.Contradiction(listed.Package.Digests) is null ? OfferOutcome.Present : null
        : listed.Provenance == Provenance.Own ? OfferOutcome.Conflict : null;

    internal async Task CloseAsync()
    {
        queue.Writer.TryComplete();
        await publisher;
    }

    Task<IReadOnlyList<OfferOutcome>> SubmitAsync(Purpose purpose, string? gitRef, params Offer[] offers)
    {
        var submission = new Submission(purpose, gitRef, offers);
        return queue.Writer.TryWrite(submission)
            ? submission.Answer.Task
            : throw new RepositoryUnavailableException("The repository server is stopping; send the request again when it is back.");
    }

    async Task PublishLoopAsync()
    {
        // A publish that failed may have switched before it did: then the files say what the branch is.
        var isInDoubt = false;
        while (await queue.Reader.WaitToReadAsync())
        {
            var waiting = new List<Submission>();
            while (queue.Reader.TryRead(out var submission))
                waiting.Add(submission);
            try
            {
                if (isInDoubt)
                    state = await repository.ReadStateAsync(Name);
                isInDoubt = true;
                using var publish = new BranchPublish(repository, Name, state);
                var answers = new List<(Submission, IReadOnlyList<OfferOutcome>)>();
                foreach (var submission in waiting)
                    if (await AnswerAsync(publish, submission) is { } outcomes)
                        answers.Add((submission, outcomes));
                state = await publish.CompleteAsync();
                isInDoubt = false;
                foreach (var (submission, outcomes) in answers)
                    submission.Answer.SetResult(outcomes);
                SweepAtTimes();
            }
            catch (Exception fault) // whatever stopped the publish is each waiter's to tell; the next publish may do
            {
                isInDoubt = isInDoubt && !await TryReadAgainAsync();
                foreach (var submission in waiting)
                    submission.Answer.TrySetException(fault);
            }
        }
    }

    // Before the waiters are told, so that they find the branch whole; where the disk does not let us, before the next publish.
    async Task<bool> TryReadAgainAsync()
    {
        try
        {
            state = await repository.ReadStateAsync(Name);
            return true;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or RepositoryUnavailableException)
        {
            return false;
        }
    }

    void SweepAtTimes()
    {
        var now = repository.Options.Time.GetUtcNow();
        if (!Exists || now < nextSweep)
            return;
        nextSweep = now + sweepInterval;
        Retention.Sweep(Folder, Contents, now - repository.Options.Retention);
    }

    static async Task<IReadOnlyList<OfferOutcome>?> AnswerAsync(BranchPublish publish, Submission submission)
    {
        try
        {
            return await publish.TakeAsync(submission);
        }
        catch (Exception fault) when (fault is InvalidUploadException or BranchTakenException)
        {
            submission.Answer.SetException(fault);
            return null;
        }
    }
}
