using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;

namespace Debyard.Repository.Operations;

/// <summary>Lists packages of one branch in another: all chosen packages or none. No bytes are copied.</summary>
public static class Promotion
{
    /// <returns>The outcome of each package, in order. If one conflicts, nothing has changed.</returns>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public static Task<IReadOnlyList<OfferOutcome>> RunAsync(
        Branch into,
        WriterIdentity writer,
        BranchName from,
        IReadOnlyList<PlacedPackage> packages
    ) => into.ChangeAsync(transaction => TakeAsync(transaction, writer, from, packages));

    static async Task<IReadOnlyList<OfferOutcome>> TakeAsync(
        BranchTransaction transaction,
        WriterIdentity writer,
        BranchName from,
        IReadOnlyList<PlacedPackage> packages
    )
    {
        await transaction.AuthorizeAsync(writer, [.. packages.Select(placed => placed.Package.FileName.Name).Distinct()]);
        var outcomes = packages.Select(placed => Decide(transaction, placed)).ToList();
        if (outcomes.Contains(OfferOutcome.Conflict))
            return outcomes;
        transaction.EnsureExists(writer);
        var linked = packages.Where((_, index) => outcomes[index] == OfferOutcome.Linked).ToList();
        foreach (var (suiteComponent, package) in linked)
            transaction.List(suiteComponent, package);
        if (linked.Count > 0)
            transaction.AddJournalEntry(writer, JournalAct.Promoted, linked, from);
        return outcomes;
    }

    static OfferOutcome Decide(BranchTransaction transaction, PlacedPackage placed)
    {
        var (suiteComponent, package) = placed;
        var here = transaction.Find(suiteComponent, package.FileName);
        if (here?.Package.Digests == package.Digests)
            return transaction.Before.Exists || here.Ownership == Ownership.Own ? OfferOutcome.Present : OfferOutcome.Linked;
        return transaction.Refuses(suiteComponent, package.FileName, package.Digests.Sha256) ? OfferOutcome.Conflict : OfferOutcome.Linked;
    }
}
