using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Decides what becomes of the files a request offers.</summary>
sealed class OfferResolver(RepositoryRoot repository, BranchTransaction change, WriterIdentity writer, UploadMode purpose)
{
    readonly PackageVisibility sight = new(repository, writer);

    /// <exception cref="InvalidUploadException">An offer contradicts itself: the others of its request are not taken either.</exception>
    /// <exception cref="BranchTakenException">The folder is another ref's.</exception>
    public async Task<IReadOnlyList<OfferOutcome>> TakeAsync(IReadOnlyList<Offer> offers)
    {
        await change.AuthorizeAsync(writer);
        var decisions = new List<(Offer Offer, Package? Package, OfferOutcome Outcome)>();
        foreach (var offer in offers)
            decisions.Add(await DecideAsync(offer));

        var outcomes = decisions.ConvertAll(decision => decision.Outcome);
        if (purpose == UploadMode.Probe && !change.WillExist && !outcomes.Contains(OfferOutcome.Linked))
            return outcomes;
        change.EnsureExists(writer);
        var before = change.Listed.Count;
        foreach (var (offer, package, outcome) in decisions)
            if (outcome is OfferOutcome.Linked or OfferOutcome.Created)
                Take(offer, package!);
        if (purpose == UploadMode.Batch && !outcomes.Contains(OfferOutcome.Missing))
            change.ListPending();
        if (change.Listed.Count > before)
            change.AddJournalEntry(writer, JournalAct.Published, change.Listed.Skip(before));
        return outcomes;
    }

    async Task<(Offer, Package?, OfferOutcome)> DecideAsync(Offer offer)
    {
        var digests = offer.Received is { } file ? ClaimedDigests.Of(file.Package.Digests) : offer.Digests;
        var here = change.Find(offer.Place, offer.Name);
        if (here is not null && IsSame(offer, digests, here.Package))
            return (
                offer,
                here.Package,
                !change.Before.Exists && here.Ownership == Ownership.Inherited ? OfferOutcome.Linked : OfferOutcome.Present
            );
        if (
            here is { Ownership: Ownership.Own } && !change.MayReplace
            || change.Record.HadOtherContent(offer.Place, offer.Name, digests.Sha256)
        )
            return (offer, null, OfferOutcome.Conflict);
        if (
            purpose is UploadMode.Batch or UploadMode.UploadForLater
            && change.Pending.TryGetValue((offer.Place, offer.Name), out var waiting)
            && IsSame(offer, digests, waiting)
        )
            return (offer, waiting, OfferOutcome.Present);
        if (offer.Received is not null)
            return (offer, offer.Received.Package, OfferOutcome.Created);
        return await repository.Blobs.FindAsync(offer.Name, digests, sight, change.Pins) is not { } known
                ? (offer, null, OfferOutcome.Missing)
            : change.Record.HadOtherContent(offer.Place, offer.Name, known.Digests.Sha256) ? (offer, null, OfferOutcome.Conflict)
            : (offer, known, OfferOutcome.Linked);
    }

    static bool IsSame(Offer offer, ClaimedDigests digests, Package package) =>
        digests.AreOf(package.Digests)
        && (
            digests.Contradiction(package.Digests) is not { } contradiction
                ? true
                : throw new InvalidUploadException(
                    $"{offer.Name}: the digests contradict each other; of the file they name, {contradiction}."
                )
        );

    void Take(Offer offer, Package package)
    {
        if (offer.Received is { } file)
            change.Receive(file);
        if (purpose == UploadMode.UploadForLater)
            change.Keep(offer.Place, package);
        else
            change.List(offer.Place, package);
    }
}
