namespace Debyard.Repository.Storage;

/// <summary>A completely received and checked upload in a temporary file. Disposing it deletes that file unless it was stored.</summary>
public sealed class IncomingFile : IDisposable
{
    internal IncomingFile(Package package, string path) => (Package, Path) = (package, path);

    public Package Package { get; }

    internal string Path { get; }

    public void Dispose() => File.Delete(Path);
}
