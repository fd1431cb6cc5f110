using System.Collections.Immutable;
using Debyard.Debian;
using Debyard.Debian.Compression;
using Debyard.Debian.Control;
using Debyard.Debian.Names;
using Debyard.Repository.Contents;
using Debyard.Repository.Publishing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Branches;

/// <summary>The complete state of a branch between two publishes, read from the branch's files only.</summary>
/// <param name="Exists">Whether the branch's folder exists.</param>
/// <param name="Record">The content of <c>.branch</c>.</param>
/// <param name="Contents">The packages in the indexes.</param>
/// <param name="Pending">Packages uploaded for a later publish.</param>
sealed record BranchState(
    bool Exists,
    BranchRecord Record,
    BranchContents Contents,
    ImmutableDictionary<(SuiteComponent SuiteComponent, DebFileName Name), Package> Pending
)
{
    public static BranchState Unborn { get; } =
        new(false, BranchRecord.Empty, BranchContents.Empty, ImmutableDictionary<(SuiteComponent, DebFileName), Package>.Empty);

    public static async Task<BranchState> ReadAsync(BranchFolder folder, BlobMetadata blobs)
    {
        if (!Directory.Exists(folder.Root))
            return Unborn;
        try
        {
            var record = BranchRecord.Read(folder);
            return new BranchState(true, record, ReadContents(folder, record, blobs), await ReadPendingAsync(folder, blobs));
        }
        catch (Exception damage) when (damage is DebianFormatException or InvalidDataException or FileNotFoundException)
        {
            throw new RepositoryUnavailableException($"The branch in {folder.Root} cannot be read: {damage.Message}", damage);
        }
    }

    // The Packages.gz files hold the whole listing; an 'all' package is in each of them.
    static BranchContents ReadContents(BranchFolder folder, BranchRecord record, BlobMetadata blobs)
    {
        var contents = BranchContents.Empty;
        foreach (var suite in folder.Suites())
        {
            if (PublishedSuite.Read(folder, suite) is not { } published)
                continue;
            foreach (var component in published.Release.Components.Select(Component.Parse))
            {
                var (suiteComponent, files) = (new SuiteComponent(suite, component), new Dictionary<DebFileName, ListedPackage?>());
                foreach (
                    var index in published.Release.Files.Where(index =>
                        index.Path.StartsWith($"{component}/binary-", StringComparison.Ordinal)
                        && index.Path.EndsWith("/Packages.gz", StringComparison.Ordinal)
                    )
                )
                foreach (var package in ReadIndex(folder.ByHash(suite, index.Path, index.Sha256), blobs))
                    files[package.FileName] = new ListedPackage(package, record.OwnershipOf(suiteComponent, package));
                contents = contents.With(suiteComponent, files);
            }
        }
        return contents;
    }

    static IEnumerable<Package> ReadIndex(string path, BlobMetadata blobs)
    {
        using var file = File.OpenRead(path);
        using var reader = new StreamReader(GZip.Decompress(file));
        foreach (var entry in Stanza.ParseAll(reader))
            yield return blobs.GetOrParse(entry);
    }

    static async Task<ImmutableDictionary<(SuiteComponent, DebFileName), Package>> ReadPendingAsync(BranchFolder folder, BlobMetadata blobs)
    {
        var pending = ImmutableDictionary<(SuiteComponent, DebFileName), Package>.Empty;
        if (!Directory.Exists(folder.Pending))
            return pending;
        foreach (var path in Directory.EnumerateFiles(folder.Pending, "*", SearchOption.AllDirectories))
            if (
                Path.GetRelativePath(folder.Pending, path).Split('/') is [var suite, var component, var digits]
                && Sha256.TryParse(digits, out var sha256)
                && await blobs.FindAsync(sha256) is { } package
            )
                pending = pending.SetItem((new SuiteComponent(Suite.Parse(suite), Component.Parse(component)), package.FileName), package);
        return pending;
    }
}
