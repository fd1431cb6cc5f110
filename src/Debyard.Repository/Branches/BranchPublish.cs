using System.Collections.Immutable;
using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>
/// One publish of one branch: decides what requests offer, then makes it durable and visible at once. Failed, or with nothing
/// to do, it leaves the branch as it was.
/// </summary>
sealed class BranchPublish(RepositoryRoot repository, BranchName name, BranchState before) : IDisposable
{
    readonly BranchFolder folder = before.Exists ? repository.Layout.Branch(name) : repository.Layout.Birth(name);
    readonly List<(Place Place, Package Package)> listed = [], kept = [], replaced = [];
    readonly List<IncomingFile> received = [];
    readonly List<Package> newBlobs = [];
    readonly List<string> links = [];
    readonly List<PreparedSuite> suites = [];
    BranchContents contents = before.Contents, inherited = BranchContents.Empty;
    ImmutableDictionary<(Place Place, DebFileName Name), Package> pending = before.Pending;
    Ancestor? ancestor = before.Exists ? new(name, repository.Layout.Branch(name), before.Contents) : null;
    string? gitRef = before.Record.Ref;
    bool isWanted = before.Exists, hasInherited, isSwitching, isComplete;

    /// <summary>Decides each offer; nothing of it is on disk before <see cref="CompleteAsync"/>.</summary>
    /// <exception cref="InvalidUploadException">An offer that contradicts itself: the others of its request are not taken either.</exception>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public async Task<IReadOnlyList<OfferOutcome>> TakeAsync(Submission submission)
    {
        if (submission.Ref is { } asked && gitRef is { } known && asked != known)
            throw new BranchTakenException($"The folder {name} is the ref {known}'s, not {asked}'s; ask PUT /api/branches/{name} for a folder of its own.");
        await InheritAsync();

        var decisions = new List<(Offer Offer, Package? Package, OfferOutcome Outcome)>();
        foreach (var offer in submission.Offers)
            decisions.Add(await DecideAsync(submission.Purpose, offer));

        var outcomes = decisions.ConvertAll(decision => decision.Outcome);
        if (submission.Purpose == Purpose.Probe && !before.Exists && !outcomes.Contains(OfferOutcome.Linked))
            return outcomes;
        isWanted = true;
        gitRef ??= submission.Ref;
        foreach (var (offer, package, outcome) in decisions)
            if (outcome is OfferOutcome.Linked or OfferOutcome.Created)
                Take(submission.Purpose, offer, package!);
        if (submission.Purpose == Purpose.Batch && !outcomes.Contains(OfferOutcome.Missing))
            ListPending();
        return outcomes;
    }

    /// <summary>Publishes what changed, if anything did, and answers what the branch is from now on.</summary>
    public async Task<BranchState> CompleteAsync()
    {
        if (!isWanted)
            return before;
        foreach (var file in received)
            if (repository.Blobs.Keep(file))
                newBlobs.Add(file.Package);
        foreach (var (place, package) in before.Exists ? listed : All())
            Link(package, folder.PoolFile(place, package));
        foreach (var (place, package) in kept)
            Link(package, folder.PendingFile(place, package));
        foreach (var suite in before.Exists ? listed.Select(it => it.Place.Suite).Distinct() : contents.Suites)
            suites.Add(await repository.Suites.PrepareAsync(name, folder, suite, contents, ancestor));
        var record = before.Exists ? before.Record with { Ref = gitRef } : BranchRecord.Of(gitRef, ancestor?.Name, inherited);
        if (!before.Exists || record.Ref != before.Record.Ref)
            record.Write(repository.Layout, folder);
        if (links.Count > 0 || suites.Count > 0)
            repository.Flush();
        Switch();
        isComplete = true;
        ForgetPending();
        if (suites.Count > 0)
            repository.Flush();
        return new BranchState(true, record, contents, pending);
    }

    /// <summary>Takes back what a publish that did not complete has linked.</summary>
    public void Dispose()
    {
        foreach (var suite in suites)
            suite.Dispose();
        if (isComplete)
            return;
        if (!before.Exists && Directory.Exists(folder.Root))
            Directory.Delete(folder.Root, recursive: true);
        // Once it switches, clients may see what is linked; what they do not, retention takes away.
        else if (!isSwitching)
            links.ForEach(DeleteWithFolder);
        newBlobs.ForEach(repository.Blobs.Forget);
    }

    async Task InheritAsync()
    {
        if (before.Exists || hasInherited)
            return;
        hasInherited = true;
        if (name == repository.DefaultBranch || await repository.BranchAsync(repository.DefaultBranch) is not { Exists: true } parent)
            return;
        ancestor = new Ancestor(parent.Name, parent.Folder, parent.Contents);
        contents = inherited = ancestor.Contents.Inherited();
    }

    async Task<(Offer, Package?, OfferOutcome)> DecideAsync(Purpose purpose, Offer offer)
    {
        var digests = offer.Received is { } file ? ClaimedDigests.Of(file.Package.Digests) : offer.Digests;
        var here = contents.Find(offer.Place, offer.Name);
        if (here is not null && IsSame(offer, digests, here.Package))
            return (offer, here.Package, !before.Exists && here.Provenance == Provenance.Inherited ? OfferOutcome.Linked : OfferOutcome.Present);
        if (here is { Provenance: Provenance.Own })
            return (offer, null, OfferOutcome.Conflict);
        if (purpose is Purpose.Batch or Purpose.UploadForLater && pending.TryGetValue((offer.Place, offer.Name), out var waiting) && IsSame(offer, digests, waiting))
            return (offer, waiting, OfferOutcome.Present);
        if (offer.Received is not null)
            return (offer, offer.Received.Package, OfferOutcome.Created);
        return await repository.Blobs.FindAsync(offer.Name, digests) is { } known ? (offer, known, OfferOutcome.Linked) : (offer, null, OfferOutcome.Missing);
    }

    static bool IsSame(Offer offer, ClaimedDigests digests, Package package) =>
        digests.AreOf(package.Digests)
        && (digests.Contradiction(package.Digests) is not { } contradiction ? true
            : throw new InvalidUploadException($"{offer.Name}: the digests contradict each other; of the file they name, {contradiction}."));

    void Take(Purpose purpose, Offer offer, Package package)
    {
        if (offer.Received is { } file)
            received.Add(file);
        if (purpose == Purpose.UploadForLater)
        {
            kept.Add((offer.Place, package));
            pending = pending.SetItem((offer.Place, offer.Name), package);
        }
        else
            List(offer.Place, package);
    }

    void ListPending()
    {
        foreach (var ((place, _), package) in pending)
            List(place, package);
    }

    void List(Place place, Package package)
    {
        pending = pending.Remove((place, package.FileName));
        var here = contents.Find(place, package.FileName);
        // Its own package may have come while this one waited: then that one stays.
        if (here?.Package.Digests == package.Digests || here is { Provenance: Provenance.Own })
            return;
        if (here is not null)
            replaced.Add((place, here.Package));
        contents = contents.With(place, new ListedPackage(package, Provenance.Own));
        listed.Add((place, package));
    }

    IEnumerable<(Place, Package)> All() => contents.Places.SelectMany(place => contents.In(place).Select(it => (place, it.Package)));

    void Link(Package package, string path)
    {
        if (repository.Blobs.LinkTo(package, path))
            links.Add(path);
    }

    void Switch()
    {
        var now = repository.Options.Time.GetUtcNow();
        // The folder's time says since when its file is no longer listed. Set before it is so: who is killed in between has kept it too long.
        foreach (var (place, package) in replaced.Where(_ => before.Exists))
            Directory.SetLastWriteTimeUtc(Path.GetDirectoryName(folder.PoolFile(place, package))!, now.UtcDateTime);
        isSwitching = true;
        foreach (var suite in suites)
            suite.Switch(now);
        if (!before.Exists)
            Directory.Move(folder.Root, repository.Layout.Branch(name).Root);
    }

    // After the switch, so that nothing kept is lost before it is listed.
    void ForgetPending()
    {
        foreach (var ((place, file), package) in before.Pending)
            if (!(pending.TryGetValue((place, file), out var still) && still.Digests == package.Digests))
                DeleteWithFolder(folder.PendingFile(place, package));
    }

    static void DeleteWithFolder(string path)
    {
        File.Delete(path);
        Directory.Delete(Path.GetDirectoryName(path)!);
    }
}
