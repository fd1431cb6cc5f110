using System.Collections.Concurrent;
using Debyard.Debian;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Verification;

/// <summary>Hashes every blob and compares its metadata with its content.</summary>
sealed class BlobVerification(RepositoryLayout layout, BlobMetadata blobs)
{
    int count;
    long bytes;

    public int Count => count;

    public long Bytes => bytes;

    public ConcurrentBag<string> Rebuilt { get; } = [];

    public ConcurrentBag<Damage> Damaged { get; } = [];

    public Task RunAsync(CancellationToken cancellation) =>
        Parallel.ForEachAsync(Files(), cancellation, async (path, cancel) => await CheckAsync(path, cancel));

    IEnumerable<string> Files() =>
        Directory.Exists(layout.Blobs)
            ? Directory
                .EnumerateFiles(layout.Blobs, "*", SearchOption.AllDirectories)
                .Where(path => !path.EndsWith(".stanza", StringComparison.Ordinal))
            : [];

    async ValueTask CheckAsync(string path, CancellationToken cancellation)
    {
        try
        {
            await using var blob = new FileStream(
                path,
                new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous | FileOptions.SequentialScan }
            );
            var digests = await FileDigests.ComputeAsync(blob, cancellation);
            Interlocked.Increment(ref count);
            Interlocked.Add(ref bytes, digests.Size);
            if (layout.Blob(digests.Sha256) != path)
            {
                Add(
                    path,
                    $"its SHA-256 is {digests.Sha256}, not its name{Described(path)}. "
                        + "Write the correct content into this file without replacing it: the branches' files are hard links to it."
                );
                return;
            }
            blob.Position = 0;
            var package = Package.Of(await DebFile.ReadControlAsync(blob, cancellation), digests);
            foreach (var rebuilt in blobs.Repair(package))
                Rebuilt.Add(Path.GetRelativePath(layout.Root, rebuilt));
        }
        catch (FileNotFoundException)
        {
            // Deleted since the folder was listed.
        }
        catch (IOException exception)
        {
            Add(path, $"it cannot be read: {exception.Message}");
        }
        catch (DebianFormatException exception)
        {
            Add(path, $"it is not a valid package: {exception.Message}");
        }
    }

    string Described(string path) =>
        Sha256.TryParse(Path.GetFileName(path), out var sha256) && blobs.FindFileName(sha256) is { } name ? $"; it was {name}" : "";

    void Add(string path, string problem) => Damaged.Add(new Damage(Path.GetRelativePath(layout.Root, path), problem));
}
