namespace Nuke.Common.IO;

/// <summary>A path with the separators of this system: <c>(RelativePath)"a" / "b"</c>.</summary>
public class RelativePath
{
    readonly string path;
    readonly char? separator;

    protected RelativePath(string path, char? separator = null) => (this.path, this.separator) = (path, separator);

    public static explicit operator RelativePath(string path) => path is null ? null : new RelativePath(PathText.Normalize(path));

    public static implicit operator string(RelativePath path) => path?.path;

    public static RelativePath operator /(RelativePath left, string right)
    {
        var combined = PathText.Combine(left.NotNull().path, right);
        return new RelativePath(PathText.Normalize(combined, left.separator), left.separator);
    }

    public static RelativePath operator +(RelativePath left, string right) => new(left.path + right, left.separator);

    public override string ToString() => path;
}

/// <summary>A path with forward slashes, as archives, images and URLs want it.</summary>
public class UnixRelativePath : RelativePath
{
    protected UnixRelativePath(string path)
        : base(path, '/') { }

    public static explicit operator UnixRelativePath(string path) =>
        path is null ? null : new UnixRelativePath(PathText.Normalize(path, '/'));
}

public static class PathConstruction
{
    public static RelativePath GetRelativePathTo(this AbsolutePath basePath, string destinationPath) =>
        (RelativePath)PathText.Relative(basePath, destinationPath);

    public static UnixRelativePath GetUnixRelativePathTo(this AbsolutePath basePath, string destinationPath) =>
        (UnixRelativePath)PathText.Relative(basePath, destinationPath);

    public static UnixRelativePath ToUnixRelativePath(this RelativePath path) => (UnixRelativePath)(string)path;

    /// <summary>Whether the other path is this one or lies in it.</summary>
    public static bool Contains(this AbsolutePath basePath, string destinationPath)
    {
        string[] outer = PathText.Parts(basePath),
            inner = PathText.Parts(PathText.Normalize(destinationPath));
        return outer.SequenceEqual(inner.Take(outer.Length));
    }
}
