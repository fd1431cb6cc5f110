using Microsoft.Win32.SafeHandles;

namespace Debyard.Repository.Storage;

/// <summary>
/// Identity of the file behind a path: inode, size, mtime, ctime. Files of the root are replaced and never written in place, so the same
/// version means the same content.
/// </summary>
/// <param name="Inode">The file system reuses inodes of deleted files; the times tell those apart.</param>
/// <param name="Size">In bytes.</param>
/// <param name="Modified">The modification time.</param>
/// <param name="Changed">The change time, which also covers renames and cannot be set by programs.</param>
public readonly record struct FileVersion(ulong Inode, long Size, DateTimeOffset Modified, DateTimeOffset Changed)
{
    /// <summary>The version of the regular file at a path; null if there is none.</summary>
    public static FileVersion? Of(string path) => Posix.Version(path);

    public static FileVersion Of(SafeFileHandle file) => Posix.Version(file);
}
