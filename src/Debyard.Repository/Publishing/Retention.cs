namespace Debyard.Repository;

/// <summary>
/// Takes away what clients can no longer be after: by-hash indexes and package files that others took the place of longer
/// ago than the time of retention. By time, never by number: builds may publish every few seconds.
/// </summary>
static class Retention
{
    public static void Sweep(BranchFolder folder, BranchContents contents, DateTimeOffset before)
    {
        SweepIndexes(folder, contents, before.UtcDateTime);
        SweepPool(folder, contents, before.UtcDateTime);
    }

    // A by-hash file's time is that of its last publish, or of the one that took its place.
    static void SweepIndexes(BranchFolder folder, BranchContents contents, DateTime before)
    {
        foreach (var suite in contents.Suites)
        {
            if (PublishedSuite.Read(folder, suite) is not { } published)
                continue;
            var current = published.Release.Files.Select(file => folder.ByHash(suite, file.Path, file.Sha256)).ToHashSet();
            foreach (var byHash in current.Select(path => Path.GetDirectoryName(path)!).Distinct().Where(Directory.Exists))
                foreach (var file in new DirectoryInfo(byHash).EnumerateFiles())
                    if (file.LastWriteTimeUtc < before && !current.Contains(file.FullName))
                        file.Delete();
        }
    }

    // A package file is a link that other branches share, so its folder's time tells since when it is not listed here.
    static void SweepPool(BranchFolder folder, BranchContents contents, DateTime before)
    {
        foreach (var place in contents.Places)
        {
            var listed = contents.In(place).Select(it => Path.GetDirectoryName(folder.PoolFile(place, it.Package))!).ToHashSet();
            var pool = new DirectoryInfo(folder.PoolFolder(place));
            foreach (var one in pool.Exists ? pool.EnumerateDirectories() : [])
                if (one.LastWriteTimeUtc < before && !listed.Contains(one.FullName))
                    one.Delete(recursive: true);
        }
    }
}
