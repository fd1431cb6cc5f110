using System.Text;

namespace Debyard.Debian.Packages;

/// <summary>Something a package installs. Folders above it need not be given: they are added, with mode 0755.</summary>
/// <param name="Path">Where it is installed, such as <c>/usr/bin/streamer</c>.</param>
public abstract record DebEntry(string Path);

/// <summary>A file. Its content is opened twice: for its digest, then for its bytes.</summary>
/// <param name="Path">Where it is installed.</param>
/// <param name="Open">Opens the content from its start; what it opens is disposed.</param>
/// <param name="Mode">The permissions.</param>
/// <param name="IsConffile">An upgrade keeps what an administrator changed in it (Debian Policy 10.7).</param>
public sealed record DebFileEntry(string Path, Func<Stream> Open, UnixFileMode Mode = DebFileEntry.Plain, bool IsConffile = false)
    : DebEntry(Path)
{
    /// <summary>A file with this text, in UTF-8.</summary>
    public static DebFileEntry OfText(string path, string text, UnixFileMode mode = Plain, bool isConffile = false)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new DebFileEntry(path, () => new MemoryStream(bytes, writable: false), mode, isConffile);
    }

    /// <summary>0644.</summary>
    public const UnixFileMode Plain = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead;

    /// <summary>0755.</summary>
    public const UnixFileMode Executable = Plain | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
}

/// <summary>A folder, where it would not exist otherwise or needs another mode.</summary>
/// <param name="Path">Where it is installed.</param>
/// <param name="Mode">The permissions.</param>
public sealed record DebDirectory(string Path, UnixFileMode Mode = DebFileEntry.Executable) : DebEntry(Path);

/// <summary>A symbolic link.</summary>
/// <param name="Path">Where it is installed.</param>
/// <param name="Target">What it says, relative to its folder or absolute; nothing need be there.</param>
public sealed record DebSymlink(string Path, string Target) : DebEntry(Path);
