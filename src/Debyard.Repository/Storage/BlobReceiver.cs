using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;

namespace Debyard.Repository.Storage;

/// <summary>Receives uploads into temporary files and checks them.</summary>
sealed class BlobReceiver(RepositoryLayout layout)
{
    const int MaxNameLength = 255 - BranchFolder.PoolPrefix;
    const int MaxFlushedByPublish = 8 * 1024 * 1024;

    /// <summary>Receives a request body and checks that it has the announced digests, is a valid .deb, and matches the file name.</summary>
    /// <exception cref="InvalidUploadException">A check failed; nothing is left behind.</exception>
    public async Task<IncomingFile> ReceiveAsync(Stream body, DebFileName name, AnnouncedDigests announced, CancellationToken cancellation)
    {
        if (name.ToString().Length > MaxNameLength)
            throw new InvalidUploadException(
                $"{name}: the file name has more than {MaxNameLength} characters, too many for the pool; shorten the version."
            );
        var path = layout.NewTemporary();
        try
        {
            FileDigests digests;
            await using (
                var file = new FileStream(
                    path,
                    new FileStreamOptions
                    {
                        Mode = FileMode.CreateNew,
                        Access = FileAccess.Write,
                        BufferSize = 0,
                        Options = FileOptions.Asynchronous,
                    }
                )
            )
            {
                await using var digesting = new DigestingStream(file);
                await body.CopyToAsync(digesting, DigestingStream.BlockSize, cancellation);
                digests = await digesting.CompleteAsync(cancellation);
                if (announced.Contradiction(digests) is { } contradiction)
                    throw new InvalidUploadException(
                        $"{name}: the received file differs from the announced one: {contradiction}. Send the file again."
                    );
                // Large files are flushed here. A publish flushes its small files together and must not wait for a large one.
                if (digests.Size > MaxFlushedByPublish)
                    RandomAccess.FlushToDisk(file.SafeFileHandle);
            }
            File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead);
            return new IncomingFile(Package.Of(await ReadControlAsync(path, name, cancellation), digests), path);
        }
        catch
        {
            File.Delete(path);
            throw;
        }
    }

    static async Task<Stanza> ReadControlAsync(string path, DebFileName name, CancellationToken cancellation)
    {
        try
        {
            await using var file = File.OpenRead(path);
            var control = await DebFile.ReadControlAsync(file, cancellation);
            DebFile.CheckName(control, name);
            DebFile.CheckType(control);
            return control;
        }
        catch (DebianFormatException exception)
        {
            throw new InvalidUploadException($"{name}: {exception.Message}");
        }
    }
}
