namespace Debyard.Repository.Storage;

/// <summary>The blobs that one publish may link: nobody takes them away before it has ended.</summary>
sealed class BlobPins(BlobStore blobs) : IDisposable
{
    readonly HashSet<string> pinned = [];

    public void Add(IEnumerable<string> sha256s) => blobs.Pin(sha256s.Where(pinned.Add));

    public void Dispose() => blobs.Unpin(pinned);
}
