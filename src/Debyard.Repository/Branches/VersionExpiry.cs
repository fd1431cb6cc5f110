using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>Lists no longer what newer versions of the same package, in the same change, leave no room for.</summary>
static class VersionExpiry
{
    static readonly WriterIdentity server = new() { Name = "server" };

    public static void Unlist(BranchTransaction change, VersionRetention? rule, BranchFolder folder, DateTimeOffset now)
    {
        if (rule is null || !change.Before.Exists)
            return;
        var expired = new List<(SuiteComponent Place, ListedPackage Listed)>();
        foreach (var touched in change.Listed.ToLookup(one => one.Place, one => one.Package))
        {
            var kinds = touched.Select(Kind).ToHashSet();
            var fresh = touched.ToHashSet();
            foreach (
                var versions in change
                    .Contents.In(touched.Key)
                    .Where(listed => kinds.Contains(Kind(listed.Package)))
                    .GroupBy(listed => Kind(listed.Package))
            )
                expired.AddRange(
                    versions
                        .OrderByDescending(listed => listed.Package.Version)
                        .Where((listed, newer) => newer > 0 && !fresh.Contains(listed.Package) && IsOld(touched.Key, listed.Package, newer))
                        .Select(listed => (touched.Key, listed))
                );
        }
        foreach (var (place, listed) in expired)
            change.Unlist(place, listed);
        if (expired.Count > 0)
            change.AddJournalEntry(server, JournalAct.Expired, expired.Select(one => (one.Place, one.Listed.Package)));

        // A package file's time is that of its upload.
        bool IsOld(SuiteComponent place, Package package, int newer) =>
            newer >= rule.Count || rule.Age is { } age && File.GetLastWriteTimeUtc(folder.PoolFile(place, package)) < now.UtcDateTime - age;
    }

    static (PackageName, Architecture) Kind(Package package) => (package.FileName.Name, package.FileName.Architecture);
}
