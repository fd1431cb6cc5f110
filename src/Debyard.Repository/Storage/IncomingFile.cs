namespace Debyard.Repository.Storage;

/// <summary>An upload received whole and checked, not yet anywhere: disposing it removes what nobody took.</summary>
public sealed class IncomingFile : IDisposable
{
    internal IncomingFile(Package package, string path) => (Package, Path) = (package, path);

    public Package Package { get; }

    internal string Path { get; }

    public void Dispose() => File.Delete(Path);
}
