namespace Debyard.Pipeline.Engine;

public enum FileChangeKind
{
    Modified,
    Added,
    Deleted,
}

/// <summary>A file or folder of a container that differs from its image.</summary>
/// <param name="Path">Absolute.</param>
public sealed record FileChange(FileChangeKind Kind, string Path)
{
    /// <summary>As <c>docker diff</c> prints it: <c>A /etc/streamer</c>.</summary>
    public override string ToString() => $"{Kind.ToString()[0] switch { 'M' => 'C', var letter => letter }} {Path}";
}
