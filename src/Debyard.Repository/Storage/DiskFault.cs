namespace Debyard.Repository.Storage;

/// <summary>Classifies disk errors for messages to clients.</summary>
public static class DiskFault
{
    /// <summary>True if the disk or the user's quota is full.</summary>
    public static bool IsFull(IOException exception) => exception.HResult is Posix.ENOSPC or Posix.EDQUOT;

    /// <summary>True if the disk is read-only. Many file systems become read-only when the disk fails.</summary>
    public static bool IsReadOnly(IOException exception) => exception.HResult is Posix.EROFS;
}
