using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Debyard.Repository.Storage;

/// <summary>System calls that .NET does not provide.</summary>
static partial class Posix
{
    public const int ENOENT = 2,
        EEXIST = 17,
        EXDEV = 18,
        ENOSPC = 28,
        EROFS = 30,
        EMLINK = 31,
        EDQUOT = 122;

    [LibraryImport("libc", EntryPoint = "link", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int LinkCall(string existing, string path);

    [LibraryImport("libc", EntryPoint = "mkdir", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakeFolderCall(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "syncfs", SetLastError = true)]
    private static partial int SyncFileSystemCall(SafeHandle handle);

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int OpenCall(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    private static partial int SyncCall(SafeHandle handle);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxCall(int folder, string path, int flags, uint mask, Span<byte> result);

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int StatxCall(SafeHandle file, string path, int flags, uint mask, Span<byte> result);

    /// <summary>The number of hard links to the file; 0 if it does not exist.</summary>
    public static uint Links(string path)
    {
        // statx(2): AT_FDCWD, STATX_NLINK; stx_nlink follows mask, block size (4 bytes each) and attributes (8).
        Span<byte> result = stackalloc byte[256];
        return StatxCall(-100, path, 0, 4, result) == 0 ? MemoryMarshal.Read<uint>(result[16..]) : 0;
    }

    public static FileVersion? Version(string path)
    {
        Span<byte> result = stackalloc byte[256];
        return StatxCall(-100, path, 0, VersionMask, result) == 0 && IsFile(result) ? Version(result) : null;

        // stx_mode: S_IFMT, S_IFREG.
        static bool IsFile(ReadOnlySpan<byte> result) => (MemoryMarshal.Read<ushort>(result[28..]) & 0xF000) == 0x8000;
    }

    public static FileVersion Version(SafeFileHandle file)
    {
        // 0x1000 is AT_EMPTY_PATH: the open file itself.
        Span<byte> result = stackalloc byte[256];
        return StatxCall(file, "", 0x1000, VersionMask, result) == 0 ? Version(result) : throw Error("statx");
    }

    // STATX_TYPE, MTIME, CTIME, INO, SIZE; times are seconds (8 bytes) and nanoseconds (4).
    const uint VersionMask = 0x3C1;

    static FileVersion Version(ReadOnlySpan<byte> statx)
    {
        return new(MemoryMarshal.Read<ulong>(statx[32..]), MemoryMarshal.Read<long>(statx[40..]), Time(statx[112..]), Time(statx[96..]));

        static DateTimeOffset Time(ReadOnlySpan<byte> time) =>
            DateTimeOffset
                .FromUnixTimeSeconds(MemoryMarshal.Read<long>(time))
                .AddTicks(MemoryMarshal.Read<uint>(time[8..]) / TimeSpan.NanosecondsPerTick);
    }

    /// <summary>True if both paths are hard links to one file.</summary>
    public static bool AreOneFile(string path, string other)
    {
        return Identity(path) is { } identity && identity == Identity(other);

        static (ulong, ulong)? Identity(string path)
        {
            // statx(2): STATX_INO; stx_ino, then stx_dev_major and stx_dev_minor as one number.
            Span<byte> result = stackalloc byte[256];
            return StatxCall(-100, path, 0, 0x100, result) == 0
                ? (MemoryMarshal.Read<ulong>(result[32..]), MemoryMarshal.Read<ulong>(result[136..]))
                : null;
        }
    }

    /// <summary>Creates a hard link. Returns 0, or the error number of link(2).</summary>
    public static int Link(string existing, string path) => LinkCall(existing, path) == 0 ? 0 : Marshal.GetLastPInvokeError();

    /// <summary>Creates a folder. If its parent exists, this is one system call; .NET would check every parent folder.</summary>
    public static void MakeFolder(string path)
    {
        if (MakeFolderCall(path, 0x1FF) != 0 && Marshal.GetLastPInvokeError() != EEXIST)
            Directory.CreateDirectory(path);
    }

    /// <summary>Flushes all writes so far to the file system of an open file. One call is enough for a whole publish.</summary>
    public static void SyncFileSystem(SafeHandle handle)
    {
        if (SyncFileSystemCall(handle) != 0)
            throw Error("syncfs");
    }

    /// <summary>Flushes one file or folder. After flushing a folder, renames in it survive a power failure.</summary>
    public static void Sync(string path)
    {
        // O_RDONLY | O_CLOEXEC; .NET cannot open folders.
        using var handle = new SafeFileHandle(OpenCall(path, 0x80000), ownsHandle: true);
        if (handle.IsInvalid || SyncCall(handle) != 0)
            throw Error($"fsync {path}");
    }

    public static IOException Error(string what, int? error = null)
    {
        var number = error ?? Marshal.GetLastPInvokeError();
        return new IOException($"{what}: {Marshal.GetPInvokeErrorMessage(number)}", number);
    }
}
