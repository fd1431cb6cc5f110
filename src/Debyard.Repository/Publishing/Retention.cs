using Debyard.Repository.Contents;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>
/// Deletes files that clients no longer need: by-hash indexes and package files that were superseded longer ago than the retention
/// time. The number of publishes does not matter, because builds may publish every few seconds.
/// </summary>
static class Retention
{
    /// <param name="before">Files superseded before this time are deleted.</param>
    public static void Sweep(BranchFolder folder, BranchContents contents, DateTimeOffset before, DateTimeOffset now)
    {
        SweepIndexes(folder, contents, before.UtcDateTime);
        SweepPool(folder, contents, before.UtcDateTime, now);
    }

    /// <summary>Starts the retention of a pool file that is no longer listed.</summary>
    public static void Begin(string unlistedFile, DateTimeOffset now)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(unlistedFile)!);
        File.Create(unlistedFile).Dispose();
        File.SetLastWriteTimeUtc(unlistedFile, now.UtcDateTime);
    }

    // A by-hash file's modification time is the time of its last publish, or of the publish that superseded it.
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
        foreach (var suiteComponent in contents.SuiteComponents)
        {
            var current = contents.In(suiteComponent).Select(listed => folder.PoolFile(suiteComponent, listed.Package)).ToHashSet();
            var since = Files(folder.UnlistedFolder(suiteComponent)).ToDictionary(file => file.Name);
            foreach (var file in Files(folder.PoolFolder(suiteComponent)).Where(file => !current.Contains(file.FullName)))
            {
                // There is no mark, so an interrupted publish left the file. Its retention starts now.
                if (!since.Remove(file.Name, out var unlisted))
                    Begin(folder.UnlistedFile(suiteComponent, file.Name), now);
                else if (unlisted.LastWriteTimeUtc < before)
                {
                    file.Delete();
                    unlisted.Delete();
                }
            }
            // Marks of files that are listed again.
            foreach (var unlisted in since.Values)
                unlisted.Delete();
        }
    }

    static IEnumerable<FileInfo> Files(string folder) =>
        new DirectoryInfo(folder) is { Exists: true } existing ? existing.EnumerateFiles("*", SearchOption.AllDirectories) : [];
}
