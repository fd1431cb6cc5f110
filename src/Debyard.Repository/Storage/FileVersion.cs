using Microsoft.Win32.SafeHandles;

namespace Debyard.Repository.Storage;

/// <summary>
/// Which file it is that has a name, and since when it is as it is. The root's files are never written in place, so the same version means the
/// same bytes.
/// </summary>
/// <param name="Inode">Of the file system, which reuses those of files that are gone: the times tell them apart.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">What the file says of its content.</param>
/// <param name="Changed">When the system last changed anything of the file, its name included. Nobody can set it.</param>
public readonly record struct FileVersion(ulong Inode, long Size, DateTimeOffset Modified, DateTimeOffset Changed)
{
    /// <summary>The version that the name means now; null where it is no file's.</summary>
    public static FileVersion? Of(string path) => Posix.Version(path);

    public static FileVersion Of(SafeFileHandle file) => Posix.Version(file);
}
