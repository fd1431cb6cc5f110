namespace Debyard.Repository;

/// <summary>Links a chosen set of another branch's packages: all of them, or none.</summary>
static class Promotion
{
    public static async Task<IReadOnlyList<OfferOutcome>> TakeAsync(
        BranchChange change,
        Writer writer,
        BranchName from,
        IReadOnlyList<(Place Place, Package Package)> packages
    )
    {
        await change.FaceAsync(writer);
        var outcomes = packages.Select(one => Decide(change, one.Place, one.Package)).ToList();
        if (outcomes.Contains(OfferOutcome.Conflict))
            return outcomes;
        change.Want(writer);
        var linked = packages.Zip(outcomes).Where(one => one.Second == OfferOutcome.Linked).Select(one => one.First).ToList();
        foreach (var (place, package) in linked)
            change.List(place, package);
        if (linked.Count > 0)
            change.Tell(writer, JournalAct.Promoted, linked, from);
        return outcomes;
    }

    static OfferOutcome Decide(BranchChange change, Place place, Package package) =>
        change.Find(place, package.FileName) is var here && here?.Package.Digests == package.Digests
            ? change.Before.Exists || here.Provenance == Provenance.Own
                ? OfferOutcome.Present
                : OfferOutcome.Linked
            : here is { Provenance: Provenance.Own } && !change.MayReplace
            || change.Record.WasOther(place, package.FileName, package.Digests.Sha256)
                ? OfferOutcome.Conflict
                : OfferOutcome.Linked;
}
