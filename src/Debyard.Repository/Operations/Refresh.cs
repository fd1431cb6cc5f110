using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Replaces a branch's inherited packages with the parent's newer ones. The branch's own packages stay.</summary>
public static class Refresh
{
    /// <returns>The files that the branch now inherits in addition; none if the writer may not read the parent.</returns>
    /// <exception cref="BranchTakenException">The folder belongs to another ref.</exception>
    public static Task<IReadOnlyList<DebFileName>> RunAsync(BranchDirectory branches, Branch branch, WriterIdentity writer) =>
        branch.ChangeAsync(transaction => TakeAsync(branches, transaction, writer));

    static async Task<IReadOnlyList<DebFileName>> TakeAsync(BranchDirectory branches, BranchTransaction transaction, WriterIdentity writer)
    {
        await transaction.AuthorizeAsync(writer, []);
        transaction.EnsureExists(writer);
        if (
            !transaction.Before.Exists
            || transaction.Record.Parent is not { } parentName
            || await branches.GetAsync(parentName) is not { Exists: true } parent
            || !writer.CanRead(parent.Identity)
        )
            return [];
        var here = transaction.Contents.SuiteComponents.ToDictionary(
            suiteComponent => suiteComponent,
            suiteComponent => transaction.Contents.In(suiteComponent).ToLookup(Kind)
        );
        var newer = new List<PlacedPackage>();
        foreach (var placed in parent.Contents.Latest())
        {
            var (suiteComponent, latest) = placed;
            var versions = here.TryGetValue(suiteComponent, out var kinds)
                ? kinds[(latest.FileName.Name, latest.FileName.Architecture)].ToList()
                : [];
            if (versions.Any(version => version.Ownership == Ownership.Own || !IsNewer(latest, version.Package)))
                continue;
            foreach (var older in versions)
                transaction.Unlist(suiteComponent, older);
            newer.Add(placed);
        }
        if (newer.Count == 0)
            return [];
        transaction.Inherit(newer);
        transaction.AddJournalEntry(writer, JournalAct.Refreshed, newer, parentName);
        return newer.ConvertAll(placed => placed.Package.FileName);
    }

    // The same version with other content counts as newer, because the parent has replaced it.
    static bool IsNewer(Package parents, Package here) =>
        parents.Version > here.Version || parents.Version.CompareTo(here.Version) == 0 && parents.Digests != here.Digests;

    static (PackageName, Architecture) Kind(ListedPackage listed) => (listed.Package.FileName.Name, listed.Package.FileName.Architecture);
}
