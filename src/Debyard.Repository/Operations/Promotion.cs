using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Links a chosen set of another branch's packages: all of them, or none.</summary>
static class Promotion
{
    public static async Task<IReadOnlyList<OfferOutcome>> TakeAsync(
        BranchTransaction change,
        WriterIdentity writer,
        BranchName from,
        IReadOnlyList<(SuiteComponent Place, Package Package)> packages
    )
    {
        await change.AuthorizeAsync(writer);
        var outcomes = packages.Select(one => Decide(change, one.Place, one.Package)).ToList();
        if (outcomes.Contains(OfferOutcome.Conflict))
            return outcomes;
        change.EnsureExists(writer);
        var linked = packages.Zip(outcomes).Where(one => one.Second == OfferOutcome.Linked).Select(one => one.First).ToList();
        foreach (var (place, package) in linked)
            change.List(place, package);
        if (linked.Count > 0)
            change.AddJournalEntry(writer, JournalAct.Promoted, linked, from);
        return outcomes;
    }

    static OfferOutcome Decide(BranchTransaction change, SuiteComponent place, Package package) =>
        change.Find(place, package.FileName) is var here && here?.Package.Digests == package.Digests
            ? change.Before.Exists || here.Ownership == Ownership.Own
                ? OfferOutcome.Present
                : OfferOutcome.Linked
            : here is { Ownership: Ownership.Own } && !change.MayReplace
            || change.Record.HadOtherContent(place, package.FileName, package.Digests.Sha256)
                ? OfferOutcome.Conflict
                : OfferOutcome.Linked;
}
