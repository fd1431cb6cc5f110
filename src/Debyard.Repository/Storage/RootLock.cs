using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Debyard.Repository.Storage;

/// <summary>One server per root: an exclusive lock on <c>.debyard/lock</c>, which the kernel drops with its process.</summary>
sealed class RootLock : IDisposable
{
    readonly FileStream file;

    RootLock(FileStream file) => this.file = file;

    /// <summary>An open file of the root's file system, for flushing it.</summary>
    public SafeFileHandle Handle => file.SafeFileHandle;

    /// <exception cref="RepositoryUnavailableException">Another server holds the lock.</exception>
    public static RootLock Take(RepositoryLayout layout)
    {
        try
        {
            var file = new FileStream(layout.LockFile, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            file.SetLength(0);
            file.Write(System.Text.Encoding.ASCII.GetBytes(Environment.ProcessId.ToString(CultureInfo.InvariantCulture)));
            file.Flush();
            return new RootLock(file);
        }
        catch (IOException fault) when (fault is not (FileNotFoundException or DirectoryNotFoundException) && !DiskFault.IsFull(fault))
        {
            throw new RepositoryUnavailableException(
                $"Another repository server works on {layout.Root} (its lock is {layout.LockFile}); stop it or choose another root.",
                fault
            );
        }
    }

    public void Dispose() => file.Dispose();
}
