using Debyard.Debian.Names;

namespace Debyard.Repository.Storage;

/// <summary>The blobs that one publish may link. The collector does not delete them until this is disposed.</summary>
sealed class BlobPins(BlobCollector collector) : IDisposable
{
    readonly HashSet<Sha256> pinned = [];

    public void Add(IEnumerable<Sha256> sha256s) => collector.Pin(sha256s.Where(pinned.Add));

    public void Dispose() => collector.Unpin(pinned);
}
