using Debyard.Debian.Names;

namespace Debyard.Repository.Storage;

/// <summary>The package files of all branches, each stored once under its SHA-256. Branches have hard links to them.</summary>
sealed class BlobStore(RepositoryLayout layout)
{
    public BlobMetadata Metadata { get; } = new(layout);

    public BlobCollector Collector => field ??= new(layout, Metadata);

    /// <summary>Finds the package that the digests identify. SHA-1 alone finds a package only under its own file name.</summary>
    /// <param name="isVisible">Whether the caller may know about the package; if not, the package looks missing.</param>
    /// <exception cref="InvalidUploadException">The other digests, or the name, contradict the package found.</exception>
    public async Task<Package?> FindAsync(
        DebFileName name,
        AnnouncedDigests announced,
        Func<Package, ValueTask<bool>> isVisible,
        BlobPins pins
    )
    {
        var sha256 = announced.Sha256 ?? (announced.Sha1 is { } sha1 ? await Metadata.FindSha256Async(sha1) : null);
        if (sha256 is not { } digest)
            return null;
        pins.Add([digest]);
        var found = await Metadata.FindAsync(digest);
        if (announced.Sha256 is null && found?.FileName != name)
            return null;
        // Check visibility first, because even an error would reveal that the package exists.
        if (found is null || !await isVisible(found))
            return null;
        if (announced.Contradiction(found.Digests) is { } contradiction)
            throw new InvalidUploadException(
                $"{name}: the digests contradict each other: for the file that they identify, {contradiction}."
            );
        return found.FileName == name
            ? found
            : throw new InvalidUploadException($"{name}: this content is {found.FileName}; use that name.");
    }

    /// <summary>Stores a received file. The caller has flushed it, so a blob is complete even after a power failure.</summary>
    /// <returns>False if the blob existed already.</returns>
    public bool Store(IncomingFile incoming, DateTimeOffset now)
    {
        var package = incoming.Package;
        var blob = layout.Blob(package.Digests.Sha256);
        if (File.Exists(blob))
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        Metadata.Write(package);
        File.SetLastWriteTimeUtc(incoming.Path, now.UtcDateTime);
        var error = Posix.Link(incoming.Path, blob);
        if (error is not (0 or Posix.EEXIST))
            throw Posix.Error($"link {blob}", error);
        Metadata.Add(package);
        return error == 0;
    }

    /// <summary>Hard-links the package's blob to <paramref name="path"/>.</summary>
    /// <returns>False if the path existed already.</returns>
    public bool LinkTo(Package package, string path)
    {
        var blob = layout.Blob(package.Digests.Sha256);
        var error = Posix.Link(blob, path);
        if (error == Posix.ENOENT)
        {
            // Try the link first: a new branch makes thousands of links, and the folder nearly always exists.
            Posix.MakeFolder(Path.GetDirectoryName(path)!);
            error = Posix.Link(blob, path);
        }
        if (error == Posix.EMLINK)
        {
            CopyForMoreLinks(blob);
            error = Posix.Link(blob, path);
        }
        return error switch
        {
            0 => true,
            Posix.EEXIST => false,
            Posix.EXDEV => throw new RepositoryUnavailableException(
                $"{Path.GetDirectoryName(path)} is on a different file system than {layout.Blobs}. "
                    + "Branches are hard links: put the whole root on one file system."
            ),
            _ => throw Posix.Error($"link {path}", error),
        };
    }

    // File systems limit the links to one file (65,000 on ext4); later links go to a second copy.
    void CopyForMoreLinks(string blob)
    {
        var copy = layout.NewTemporary();
        try
        {
            File.Copy(blob, copy);
            using (var file = File.OpenHandle(copy))
                RandomAccess.FlushToDisk(file);
            File.Move(copy, blob, overwrite: true);
        }
        catch
        {
            File.Delete(copy);
            throw;
        }
    }
}
