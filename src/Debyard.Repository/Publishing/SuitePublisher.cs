using System.Text;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Publishing;

/// <summary>Writes a suite's indexes and its signed Release from what the branch lists.</summary>
sealed class SuitePublisher(RepositoryLayout layout, RepositoryOptions options, SigningKey key)
{
    readonly IndexPublisher indexes = new(layout);

    /// <summary>
    /// By-hash files are written into place, for no one refers to them yet; all other files wait for the switch. Where an index
    /// has the same content in the parent a branch is born from, it is the parent's very file.
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
            // Whole seconds are all that HTTP dates have: a second publish within one must still look newer to apt.
            var lastModified = Later(now, before?.LastModified.AddSeconds(1), floor?.LastModified.AddSeconds(1));
            var components = contents.SuiteComponents.Where(it => it.Suite == suite).Select(it => it.Component).ToList();
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
                    // More than 10 s ahead is an error to apt, so this stays within the clock; it must only never go back.
                    Date = Later(now, before?.Release.Date, floor?.Date),
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

    /// <summary>Lets go of what is remembered of a branch that is gone.</summary>
    public void Discard(BranchName branch) => indexes.Discard(branch);

    // One that was there stays, also without a package: clients ask for it.
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

    static DateTimeOffset Later(DateTimeOffset now, params ReadOnlySpan<DateTimeOffset?> floors)
    {
        var latest = new DateTimeOffset(now.Ticks - now.Ticks % TimeSpan.TicksPerSecond, TimeSpan.Zero);
        foreach (var floor in floors)
            latest = floor > latest ? floor.Value : latest;
        return latest;
    }
}
