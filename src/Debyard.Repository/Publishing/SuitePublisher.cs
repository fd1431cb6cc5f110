using System.Text;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Configuration;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>Writes a suite's indexes and its signed Release.</summary>
sealed class SuitePublisher(RepositoryLayout layout, RepositoryOptions options, SigningKey key)
{
    // apt's Acquire::Max-FutureTime, in apt-pkg/acquire-item.cc.
    static readonly TimeSpan maxFutureTime = TimeSpan.FromSeconds(10);

    readonly IndexPublisher indexes = new(layout);

    /// <summary>
    /// Writes by-hash files at once, because nothing refers to them yet; all other files wait for the switch. An index with the same
    /// content as the ancestor's is a hard link to that.
    /// </summary>
    public async Task<PreparedSuite> PrepareAsync(
        BranchName branch,
        BranchFolder folder,
        Suite suite,
        BranchContents contents,
        Ancestor? ancestor
    )
    {
        var prepared = new PreparedSuite();
        try
        {
            var before = PublishedSuite.Read(folder, suite);
            var reused = before ?? (ancestor is null ? null : PublishedSuite.Read(ancestor.Folder, suite));
            var floor = TimestampFloor.Read(layout, branch);
            var now = options.Time.GetUtcNow();
            // Strictly increasing, so that no two publishes share an ETag, unless the clock was set back by more than apt tolerates.
            var lastModified = Latest(now, before?.LastModified.AddMicroseconds(1), floor?.LastModified.AddSeconds(1));
            var components = contents.SuiteComponents.Where(listed => listed.Suite == suite).Select(listed => listed.Component).ToList();
            var architectures = Architectures(contents, suite, before);
            var files = new List<IndexFile>();
            foreach (var component in components)
            foreach (var architecture in architectures)
                files.AddRange(
                    await indexes.WriteAsync(
                        prepared,
                        branch,
                        folder,
                        contents,
                        new SuiteComponent(suite, component),
                        architecture,
                        ancestor,
                        reused,
                        lastModified
                    )
                );

            await SignAsync(
                prepared,
                folder,
                suite,
                lastModified,
                new ReleaseFile
                {
                    Origin = options.Origin,
                    Label = branch.Value,
                    Suite = suite.Value,
                    Codename = suite.Value,
                    // apt refuses a Date more than 10 s in the future, and ignores a file with an earlier Date than it has.
                    Date = Latest(WholeSecond(now), before?.Release.Date, floor?.Date),
                    AcquireByHash = true,
                    NoSupportForArchitectureAll = true,
                    Architectures = architectures,
                    Components = [.. components.Select(component => component.Value)],
                    Files = files,
                }
            );
            var current = files.Select(file => (file.Path, file.Sha256)).ToHashSet();
            foreach (var file in before?.Release.Files ?? [])
                if (!current.Contains((file.Path, file.Sha256)))
                    prepared.Supersede(folder.ByHash(suite, file.Path, file.Sha256));
            return prepared;
        }
        catch
        {
            prepared.Dispose();
            throw;
        }
    }

    async Task SignAsync(PreparedSuite prepared, BranchFolder folder, Suite suite, DateTimeOffset lastModified, ReleaseFile release)
    {
        var text = Encoding.UTF8.GetBytes(release.Render());
        var signed = await Task.WhenAll(key.DetachSignAsync(text), key.ClearSignAsync(text));
        Write("Release", text);
        Write("Release.gpg", signed[0]);
        Write("InRelease", signed[1]);

        void Write(string name, byte[] bytes)
        {
            var temporary = layout.NewTemporary();
            prepared.Move(temporary, folder.InDists(suite, name));
            File.WriteAllBytes(temporary, bytes);
            File.SetLastWriteTimeUtc(temporary, lastModified.UtcDateTime);
        }
    }

    /// <summary>Discards the cached indexes of a retired branch.</summary>
    public void Discard(BranchName branch) => indexes.Discard(branch);

    // An architecture stays even without packages, because clients still request its index.
    List<Architecture> Architectures(BranchContents contents, Suite suite, PublishedSuite? before) =>
        [
            .. contents
                .Architectures(suite)
                .Concat(options.Architectures)
                .Concat(before?.Release.Architectures ?? [])
                .Where(architecture => !architecture.IsAll)
                .Distinct()
                .Order(),
        ];

    // Release dates have whole seconds (RFC 1123).
    static DateTimeOffset WholeSecond(DateTimeOffset time) => new(time.Ticks - time.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);

    // A time further in the future was published while the clock was wrong. apt refuses it, so no client depends on it.
    static DateTimeOffset Latest(DateTimeOffset now, params ReadOnlySpan<DateTimeOffset?> floors)
    {
        var latest = now;
        foreach (var floor in floors)
            latest = floor > latest && floor <= now + maxFutureTime ? floor.Value : latest;
        return latest;
    }
}
