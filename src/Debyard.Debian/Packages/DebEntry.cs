using System.Text;

namespace Debyard.Debian.Packages;

/// <summary>Something that a package installs. Missing parent folders are added with mode 0755.</summary>
/// <param name="Path">The path after installation, such as <c>/usr/bin/streamer</c>.</param>
public abstract record DebEntry(string Path)
{
    /// <summary>Who owns it after installation; root by default.</summary>
    public DebOwner Owner { get; init; } = DebOwner.Root;
}

/// <summary>
/// User and group of an entry. dpkg looks the names up on the machine where it unpacks, and takes the numbers if they do not exist there.
/// </summary>
public sealed record DebOwner(string User, int Uid, string Group, int Gid)
{
    /// <summary>root:root.</summary>
    public static DebOwner Root { get; } = new("root", 0, "root", 0);
}

/// <summary>A file. Its content is opened twice: first to compute its digest, then to write it.</summary>
/// <param name="Path">The path after installation.</param>
/// <param name="Open">Opens the content at its start; the caller disposes the stream.</param>
/// <param name="Mode">The permissions.</param>
/// <param name="IsConffile">Upgrades keep an administrator's changes to it (Debian Policy 10.7).</param>
public sealed record DebFileEntry(string Path, Func<Stream> Open, UnixFileMode Mode = DebFileEntry.Plain, bool IsConffile = false)
    : DebEntry(Path)
{
    /// <summary>Returns a file with this text, encoded in UTF-8.</summary>
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

/// <summary>A folder; needed only if it is empty or has another mode than 0755.</summary>
/// <param name="Path">The path after installation.</param>
/// <param name="Mode">The permissions.</param>
public sealed record DebDirectory(string Path, UnixFileMode Mode = DebFileEntry.Executable) : DebEntry(Path);

/// <summary>A symbolic link.</summary>
/// <param name="Path">The path after installation.</param>
/// <param name="Target">The target, absolute or relative to the folder of the link; it need not exist.</param>
public sealed record DebSymlink(string Path, string Target) : DebEntry(Path);

/// <summary>A second name of a file of the same package.</summary>
/// <param name="Path">The path after installation; it must sort after the target, which dpkg unpacks first.</param>
/// <param name="Target">The path of the file.</param>
public sealed record DebHardLink(string Path, string Target) : DebEntry(Path);
