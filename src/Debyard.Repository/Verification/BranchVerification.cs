using Debyard.Debian;
using Debyard.Debian.Compression;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Indexes;
using Debyard.Debian.Names;
using Debyard.Repository.Publishing;
using Debyard.Repository.Signing;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Verification;

/// <summary>
/// Checks a branch the way apt reads it, from <c>InRelease</c> to every package file, and also the files that only older clients use.
/// </summary>
sealed class BranchVerification(RepositoryLayout layout, SigningKey key, BranchFolder folder)
{
    readonly List<Damage> damaged = [];

    public async Task<IReadOnlyList<Damage>> RunAsync(CancellationToken cancellation)
    {
        foreach (var stray in folder.StrayFolders())
            damaged.Add(
                new Damage(Path.GetRelativePath(layout.Root, stray), "it is not a suite and is ignored; remove it if you do not need it.")
            );
        foreach (var suite in folder.Suites().ToList())
            damaged.AddRange(await CheckAsync(suite, cancellation));
        return damaged;
    }

    // A suite published during the check is checked again.
    async Task<List<Damage>> CheckAsync(Suite suite, CancellationToken cancellation)
    {
        while (true)
        {
            var before = Read(folder.InRelease(suite));
            var found = await new SuiteVerification(layout, key, folder, suite).RunAsync(cancellation);
            if (found.Count == 0 || before.AsSpan().SequenceEqual(Read(folder.InRelease(suite))))
                return found;
        }
    }

    static byte[] Read(string path) => File.Exists(path) ? File.ReadAllBytes(path) : [];
}

sealed class SuiteVerification(RepositoryLayout layout, SigningKey key, BranchFolder folder, Suite suite)
{
    readonly List<Damage> damaged = [];

    public async Task<List<Damage>> RunAsync(CancellationToken cancellation)
    {
        var (inRelease, release) = (folder.InRelease(suite), folder.InDists(suite, "Release"));
        if (await OfAsync(inRelease, () => Task.FromResult(PublishedSuite.Read(folder, suite))) is not { } published)
        {
            if (damaged.Count == 0)
                Add(inRelease, "it is missing. Publish any package to the branch to write it again.");
            return damaged;
        }
        if (!await key.VerifyAsync(inRelease))
            Add(inRelease, "its signature was not made with the repository's key.");
        if (!await key.VerifyAsync(folder.InDists(suite, "Release.gpg"), release))
            Add(release, "Release.gpg is not a signature of it by the repository's key.");
        else if (published.Text != await File.ReadAllTextAsync(release, cancellation))
            Add(release, "its content differs from InRelease.");
        foreach (var index in published.Release.Files)
            await CheckIndexAsync(index, published, cancellation);
        return damaged;
    }

    async Task CheckIndexAsync(IndexFile index, PublishedSuite published, CancellationToken cancellation)
    {
        // The uncompressed index is listed only for its digest; the file does not exist.
        if (Path.GetExtension(index.Path) is not (".gz" or ".xz"))
            return;
        var (byHash, plain) = (folder.ByHash(suite, index.Path, index.Sha256), folder.InDists(suite, index.Path));
        if (!await HasAsync(byHash, index, cancellation))
            return;
        if (!Posix.AreOneFile(byHash, plain))
            await HasAsync(plain, index, cancellation);
        if (!index.Path.EndsWith(".gz", StringComparison.Ordinal))
            return;
        await OfAsync(
            byHash,
            async () =>
            {
                var suiteComponent = new SuiteComponent(suite, Component.Parse(index.Path.Split('/')[0]));
                await using (var file = File.OpenRead(byHash))
                {
                    var text = await FileDigests.ComputeAsync(GZip.Decompress(file), cancellation);
                    if (published.FindIndex(index.Path[..^".gz".Length]) is not { } plainIndex || plainIndex.Sha256 != text.Sha256)
                        Add(byHash, "its content is not the Packages file that InRelease lists.");
                }
                using var reader = new StreamReader(GZip.Decompress(File.OpenRead(byHash)));
                foreach (var entry in Stanza.ParseAll(reader))
                    await CheckPackageAsync(suiteComponent, entry, cancellation);
                return true;
            }
        );
    }

    async Task CheckPackageAsync(SuiteComponent suiteComponent, Stanza entry, CancellationToken cancellation)
    {
        var package = Package.Parse(entry);
        var path = Path.Join(folder.Root, entry.Required("Filename"));
        if (path != folder.PoolFile(suiteComponent, package))
            Add(path, $"the index lists {package.FileName} with a wrong path.");
        // A hard link to a blob need not be hashed here, because each blob is hashed once.
        else if (!Posix.AreOneFile(layout.Blob(package.Digests.Sha256), path))
            await HasAsync(path, new IndexFile(path, package.Digests.Size, package.Digests.Sha256), cancellation);
    }

    async Task<bool> HasAsync(string path, IndexFile expected, CancellationToken cancellation) =>
        await OfAsync(
            path,
            async () =>
            {
                if (!File.Exists(path))
                {
                    Add(path, "it is missing, although InRelease or an index lists it.");
                    return false;
                }
                await using var file = File.OpenRead(path);
                var digests = await FileDigests.ComputeAsync(file, cancellation);
                if (digests.Size == expected.Size && digests.Sha256 == expected.Sha256)
                    return true;
                Add(path, $"its size and SHA-256 are {digests.Size} and {digests.Sha256}, not {expected.Size} and {expected.Sha256}.");
                return false;
            }
        );

    async Task<T?> OfAsync<T>(string path, Func<Task<T>> read)
    {
        try
        {
            return await read();
        }
        catch (Exception exception)
            when (exception is IOException or DebianFormatException or InvalidDataException or InvalidUploadException)
        {
            Add(path, $"it cannot be read: {exception.Message}");
            return default;
        }
    }

    void Add(string path, string problem) => damaged.Add(new Damage(Path.GetRelativePath(layout.Root, path), problem));
}
