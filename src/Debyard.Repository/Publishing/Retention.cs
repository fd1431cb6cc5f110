using Debyard.Repository.Contents;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>
/// Takes away what clients can no longer be after: by-hash indexes and package files that others took the place of longer
/// ago than the time of retention. By time, never by number: builds may publish every few seconds.
/// </summary>
static class Retention
{
    /// <param name="before">What others took the place of before this goes.</param>
    public static void Sweep(BranchFolder folder, BranchContents contents, DateTimeOffset before, DateTimeOffset now)
    {
        SweepIndexes(folder, contents, before.UtcDateTime);
        SweepPool(folder, contents, before.UtcDateTime, now);
    }

    /// <summary>From now on a pool file is not listed.</summary>
    public static void Begin(string unlistedFile, DateTimeOffset now)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(unlistedFile)!);
        File.Create(unlistedFile).Dispose();
        File.SetLastWriteTimeUtc(unlistedFile, now.UtcDateTime);
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

    static void SweepPool(BranchFolder folder, BranchContents contents, DateTime before, DateTimeOffset now)
    {
        foreach (var place in contents.SuiteComponents)
        {
            var listed = contents.In(place).Select(it => folder.PoolFile(place, it.Package)).ToHashSet();
            var since = Files(folder.UnlistedFolder(place)).ToDictionary(file => file.Name);
            foreach (var file in Files(folder.PoolFolder(place)).Where(file => !listed.Contains(file.FullName)))
            {
                // Without one it is what a killed publish has left: nobody said since when.
                if (!since.Remove(file.Name, out var unlisted))
                    Begin(folder.UnlistedFile(place, file.Name), now);
                else if (unlisted.LastWriteTimeUtc < before)
                {
                    file.Delete();
                    unlisted.Delete();
                }
            }
            // Listed again meanwhile.
            foreach (var unlisted in since.Values)
                unlisted.Delete();
        }
    }

    static IEnumerable<FileInfo> Files(string folder) =>
        new DirectoryInfo(folder) is { Exists: true } existing ? existing.EnumerateFiles("*", SearchOption.AllDirectories) : [];
}
