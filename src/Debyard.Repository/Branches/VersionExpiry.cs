using Debyard.Debian.Names;
using Debyard.Repository.Configuration;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>Applies a <see cref="VersionRetention"/> rule: unlists old versions of the packages that a publish lists.</summary>
static class VersionExpiry
{
    public static void Apply(BranchTransaction transaction, VersionRetention? rule, BranchFolder folder, DateTimeOffset now)
    {
        if (rule is null || !transaction.Before.Exists)
            return;
        var expired = new List<(SuiteComponent SuiteComponent, ListedPackage Listed)>();
        foreach (var touched in transaction.Listed.ToLookup(placed => placed.SuiteComponent, placed => placed.Package))
        {
            var kinds = touched.Select(Kind).ToHashSet();
            var fresh = touched.ToHashSet();
            foreach (
                var versions in transaction
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
        foreach (var (suiteComponent, listed) in expired)
            transaction.Unlist(suiteComponent, listed);
        if (expired.Count > 0)
            transaction.AddJournalEntry(
                WriterIdentity.Server,
                JournalAct.Expired,
                expired.Select(old => new PlacedPackage(old.SuiteComponent, old.Listed.Package))
            );

        // A pool file's modification time is the time of its upload.
        bool IsOld(SuiteComponent suiteComponent, Package package, int newer) =>
            newer >= rule.Count
            || rule.Age is { } age && File.GetLastWriteTimeUtc(folder.PoolFile(suiteComponent, package)) < now.UtcDateTime - age;
    }

    static (PackageName, Architecture) Kind(Package package) => (package.FileName.Name, package.FileName.Architecture);
}
