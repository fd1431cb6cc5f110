using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Decides the outcome of each offer of a request and applies it to the transaction.</summary>
sealed class OfferResolver(
    BlobStore blobs,
    PackageVisibility visibility,
    BranchTransaction transaction,
    WriterIdentity writer,
    UploadMode mode
)
{
    /// <exception cref="InvalidUploadException">An offer contradicts itself. None of the request's offers is applied.</exception>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public async Task<IReadOnlyList<OfferOutcome>> TakeAsync(IReadOnlyList<Offer> offers)
    {
        await transaction.AuthorizeAsync(writer, [.. offers.Select(offer => offer.Name.Name).Distinct()]);
        var decisions = new List<(Offer Offer, Package? Package, OfferOutcome Outcome)>();
        foreach (var offer in offers)
            decisions.Add(await DecideAsync(offer));

        var outcomes = decisions.ConvertAll(decision => decision.Outcome);
        if (mode == UploadMode.Probe && !transaction.WillExist && !outcomes.Contains(OfferOutcome.Linked))
            return outcomes;
        transaction.EnsureExists(writer);
        var before = transaction.Listed.Count;
        foreach (var (offer, package, outcome) in decisions)
            if (outcome is OfferOutcome.Linked or OfferOutcome.Created)
                Take(offer, package!);
        if (mode == UploadMode.Batch && !outcomes.Contains(OfferOutcome.Missing))
            transaction.ListPending();
        if (transaction.Listed.Count > before)
            transaction.AddJournalEntry(writer, JournalAct.Published, transaction.Listed.Skip(before));
        return outcomes;
    }

    async Task<(Offer, Package?, OfferOutcome)> DecideAsync(Offer offer)
    {
        var digests = offer.Received is { } file ? AnnouncedDigests.Of(file.Package.Digests) : offer.Digests;
        var here = transaction.Find(offer.SuiteComponent, offer.Name);
        if (here is not null && Identifies(offer, digests, here.Package))
            return (
                offer,
                here.Package,
                !transaction.Before.Exists && here.Ownership == Ownership.Inherited ? OfferOutcome.Linked : OfferOutcome.Present
            );
        if (transaction.Refuses(offer.SuiteComponent, offer.Name, digests.Sha256))
            return (offer, null, OfferOutcome.Conflict);
        if (
            mode is UploadMode.Batch or UploadMode.UploadForLater
            && transaction.Pending.TryGetValue((offer.SuiteComponent, offer.Name), out var pending)
            && Identifies(offer, digests, pending)
        )
            return (offer, pending, OfferOutcome.Present);
        if (offer.Received is not null)
            return (offer, offer.Received.Package, OfferOutcome.Created);
        return await blobs.FindAsync(offer.Name, digests, visibility.IncludesAsync, transaction.Pins) is not { } package
                ? (offer, null, OfferOutcome.Missing)
            : transaction.Refuses(offer.SuiteComponent, offer.Name, package.Digests.Sha256) ? (offer, null, OfferOutcome.Conflict)
            : (offer, package, OfferOutcome.Linked);
    }

    static bool Identifies(Offer offer, AnnouncedDigests digests, Package package) =>
        digests.Identify(package.Digests)
        && (
            digests.Contradiction(package.Digests) is not { } contradiction
                ? true
                : throw new InvalidUploadException(
                    $"{offer.Name}: the digests contradict each other: for the file that they identify, {contradiction}."
                )
        );

    void Take(Offer offer, Package package)
    {
        if (offer.Received is { } file)
            transaction.Receive(file);
        if (mode == UploadMode.UploadForLater)
            transaction.Keep(offer.SuiteComponent, package);
        else
            transaction.List(offer.SuiteComponent, package);
    }
}
