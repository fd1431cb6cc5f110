namespace Debyard.Repository.Storage;

/// <summary>What an error of the disk means to the one who uploads.</summary>
public static class DiskFault
{
    /// <summary>True where the disk, or the user's quota on it, is full.</summary>
    public static bool IsFull(IOException fault) => fault.HResult is Posix.ENOSPC or Posix.EDQUOT;

    /// <summary>True where the disk is read-only, or has become so: many file systems do when the disk fails.</summary>
    public static bool IsReadOnly(IOException fault) => fault.HResult is Posix.EROFS;
}
