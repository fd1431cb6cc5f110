using Debyard.Debian.Names;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>Brings a branch what its parent has newer than what the branch inherited.</summary>
static class Refresh
{
    public static async Task<IReadOnlyList<DebFileName>> RunAsync(
        RepositoryRoot repository,
        BranchTransaction change,
        WriterIdentity writer
    )
    {
        await change.AuthorizeAsync(writer);
        change.EnsureExists(writer);
        if (
            !change.Before.Exists
            || change.Record.Parent is not { } parentName
            || await repository.BranchAsync(parentName) is not { Exists: true } parent
        )
            return [];
        var here = change.Contents.SuiteComponents.ToDictionary(place => place, place => change.Contents.In(place).ToLookup(Kind));
        var newer = new List<(SuiteComponent Place, Package Package)>();
        foreach (var (place, latest) in parent.Contents.Latest())
        {
            var versions = here.TryGetValue(place, out var kinds)
                ? kinds[(latest.FileName.Name, latest.FileName.Architecture)].ToList()
                : [];
            if (versions.Any(version => version.Ownership == Ownership.Own || !IsNewer(latest, version.Package)))
                continue;
            foreach (var older in versions)
                change.Unlist(place, older);
            newer.Add((place, latest));
        }
        if (newer.Count == 0)
            return [];
        change.Inherit(newer);
        change.AddJournalEntry(writer, JournalAct.Refreshed, newer, parentName);
        return newer.ConvertAll(one => one.Package.FileName);
    }

    // The same version with other bytes: the parent replaced it.
    static bool IsNewer(Package parents, Package here) =>
        parents.Version > here.Version || parents.Version.CompareTo(here.Version) == 0 && parents.Digests != here.Digests;

    static (PackageName, Architecture) Kind(ListedPackage listed) => (listed.Package.FileName.Name, listed.Package.FileName.Architecture);
}
