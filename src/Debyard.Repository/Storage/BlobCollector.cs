using Debyard.Debian.Names;

namespace Debyard.Repository.Storage;

/// <summary>Deletes blobs that no branch links. A pinned blob is never deleted, because a publish in progress may link it.</summary>
sealed class BlobCollector(RepositoryLayout layout, BlobMetadata metadata)
{
    readonly Lock deleting = new();
    readonly Dictionary<Sha256, int> pins = [];

    /// <summary>Deletes unlinked blobs, and files that a killed process left beside them.</summary>
    /// <returns>The bytes freed.</returns>
    public long CollectGarbage()
    {
        var freed = 0L;
        foreach (var sha256 in Unlinked())
            lock (deleting)
                if (!pins.ContainsKey(sha256) && Posix.Links(layout.Blob(sha256)) <= 1)
                {
                    var blob = new FileInfo(layout.Blob(sha256));
                    freed += blob.Exists ? blob.Length : 0;
                    Delete(sha256, metadata.Read(sha256)?.Digests.Sha1);
                }
        return freed;
    }

    /// <summary>Deletes the blob of a failed publish, unless another publish has linked or pinned it.</summary>
    public void Discard(Package package)
    {
        const int thisPublish = 1;
        const uint blobAndUpload = 2;
        lock (deleting)
            if (
                pins.GetValueOrDefault(package.Digests.Sha256) <= thisPublish
                && Posix.Links(layout.Blob(package.Digests.Sha256)) <= blobAndUpload
            )
                Delete(package.Digests.Sha256, package.Digests.Sha1);
    }

    public void Pin(IEnumerable<Sha256> sha256s)
    {
        lock (deleting)
            foreach (var sha256 in sha256s)
                pins[sha256] = pins.GetValueOrDefault(sha256) + 1;
    }

    public void Unpin(IEnumerable<Sha256> sha256s)
    {
        lock (deleting)
            foreach (var sha256 in sha256s)
                if (--pins[sha256] == 0)
                    pins.Remove(sha256);
    }

    IEnumerable<Sha256> Unlinked() =>
        Directory.Exists(layout.Blobs)
            ? Directory
                .EnumerateFiles(layout.Blobs, "*", SearchOption.AllDirectories)
                .Select(path => Sha256.TryParse(Path.GetFileName(path).Split('.')[0], out var sha256) ? sha256 : (Sha256?)null)
                .OfType<Sha256>()
                .Where(sha256 => Posix.Links(layout.Blob(sha256)) <= 1)
            : [];

    void Delete(Sha256 sha256, string? sha1)
    {
        // The blob is deleted last: as long as it exists, missing metadata can be rebuilt.
        metadata.Delete(sha256, sha1);
        File.Delete(layout.Blob(sha256));
    }
}
