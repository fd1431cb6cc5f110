using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace Debyard.Repository.Storage;

/// <summary>
/// An exclusive lock on <c>.debyard/lock</c>, so that only one server uses a root. The kernel releases it when the process ends.
/// </summary>
sealed class RootLock : IDisposable
{
    readonly FileStream file;

    RootLock(FileStream file) => this.file = file;

    /// <summary>An open file on the root's file system, used to flush it.</summary>
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
        catch (IOException exception)
            when (exception is not (FileNotFoundException or DirectoryNotFoundException) && !DiskFault.IsFull(exception))
        {
            throw new RepositoryUnavailableException(
                $"Another repository server uses {layout.Root} (lock file {layout.LockFile}); stop it or choose another root.",
                exception
            );
        }
    }

    public void Dispose() => file.Dispose();
}
