using System.Collections.Concurrent;
using Debyard.Debian;

namespace Debyard.Repository;

/// <summary>
/// The bytes of all branches' packages, each once, named by their SHA-256; beside each a sidecar with its index stanza, so
/// that no file is hashed twice. A sidecar that is missing or damaged is made again from the bytes.
/// </summary>
sealed class BlobStore(RepositoryLayout layout)
{
    const int LongestName = 255 - BranchFolder.PoolPrefix;
    const int LargestFlushedTogether = 8 * 1024 * 1024;

    readonly ConcurrentDictionary<string, Package> known = new();
    readonly Lock removing = new();
    readonly Dictionary<string, int> pins = [];

    /// <summary>
    /// The package the digests mean, or null where there is none in <paramref name="sight"/>. SHA-1 alone finds a file only under its own name.
    /// </summary>
    /// <exception cref="InvalidUploadException">The other digests, or the name, are not those of the file found.</exception>
    public async Task<Package?> FindAsync(DebFileName name, ClaimedDigests claimed, Sight sight, BlobPins pinned)
    {
        var sha256 = claimed.Sha256 ?? (claimed.Sha1 is { } sha1 ? await Sha256OfAsync(sha1) : null);
        if (sha256 is null)
            return null;
        pinned.Add([sha256]);
        var found = await BySha256Async(sha256);
        if (claimed.Sha256 is null && found?.FileName != name)
            return null;
        // Before anything is said of it: a refusal would tell that it is there.
        if (found is null || !await sight.IncludesAsync(found))
            return null;
        if (claimed.Contradiction(found.Digests) is { } contradiction)
            throw new InvalidUploadException($"{name}: the digests contradict each other; of the file they name, {contradiction}.");
        return found.FileName == name
            ? found
            : throw new InvalidUploadException($"{name}: these are the bytes of {found.FileName}; ask for them by that name.");
    }

    /// <summary>Receives a body into a file of its own and checks it: digests as claimed, a .deb, its name as its control data says.</summary>
    /// <exception cref="InvalidUploadException">It is not; nothing is left.</exception>
    public async Task<IncomingFile> ReceiveAsync(Stream body, DebFileName name, ClaimedDigests claimed, CancellationToken cancellation)
    {
        if (name.ToString().Length > LongestName)
            throw new InvalidUploadException(
                $"{name}: a name of more than {LongestName} characters is longer than the pool can hold; shorten its version."
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
                if (claimed.Contradiction(digests) is { } contradiction)
                    throw new InvalidUploadException(
                        $"{name}: what arrived is not what was announced: {contradiction}. Send the file again."
                    );
                // Small ones are flushed together by the publish that lists them; a large one must not keep that waiting.
                if (digests.Size > LargestFlushedTogether)
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

    /// <summary>Keeps an upload's bytes, which are flushed: a blob is whole, whenever the power fails.</summary>
    /// <returns>False where they were kept before: nothing changed.</returns>
    public bool Keep(IncomingFile incoming, DateTimeOffset now)
    {
        var package = incoming.Package;
        var blob = layout.Blob(package.Digests.Sha256);
        if (File.Exists(blob))
            return false;
        Directory.CreateDirectory(Path.GetDirectoryName(blob)!);
        WriteSidecar(package);
        File.SetLastWriteTimeUtc(incoming.Path, now.UtcDateTime);
        var error = Posix.Link(incoming.Path, blob);
        if (error is not (0 or Posix.EEXIST))
            throw Posix.Error($"link {blob}", error);
        known.TryAdd(package.Digests.Sha256, package);
        return error == 0;
    }

    /// <summary>Takes back what was kept for a publish that failed, unless another one has linked it meanwhile, or is about to.</summary>
    public void Forget(Package package)
    {
        const int thisOne = 1;
        const uint blobAndUpload = 2;
        lock (removing)
            if (
                pins.GetValueOrDefault(package.Digests.Sha256) <= thisOne
                && Posix.Links(layout.Blob(package.Digests.Sha256)) <= blobAndUpload
            )
                Remove(package.Digests.Sha256, package.Digests.Sha1);
    }

    /// <summary>Takes away the blobs that no branch links any more, and what a killed process left beside them.</summary>
    /// <returns>The bytes that came back.</returns>
    public long Sweep()
    {
        var freed = 0L;
        foreach (var sha256 in Unlinked())
            lock (removing)
                if (!pins.ContainsKey(sha256) && Posix.Links(layout.Blob(sha256)) <= 1)
                {
                    var blob = new FileInfo(layout.Blob(sha256));
                    freed += blob.Exists ? blob.Length : 0;
                    Remove(sha256, ReadSidecar(sha256)?.Digests.Sha1);
                }
        return freed;
    }

    /// <summary>Nobody takes these away until they are unpinned.</summary>
    internal void Pin(IEnumerable<string> sha256s)
    {
        lock (removing)
            foreach (var sha256 in sha256s)
                pins[sha256] = pins.GetValueOrDefault(sha256) + 1;
    }

    internal void Unpin(IEnumerable<string> sha256s)
    {
        lock (removing)
            foreach (var sha256 in sha256s)
                if (--pins[sha256] == 0)
                    pins.Remove(sha256);
    }

    /// <summary>Makes <paramref name="path"/> the package's file: a link, nothing is copied. There already: nothing changes.</summary>
    /// <returns>False where it was there.</returns>
    public bool LinkTo(Package package, string path)
    {
        var blob = layout.Blob(package.Digests.Sha256);
        var error = Posix.Link(blob, path);
        if (error == Posix.ENOENT)
        {
            // Mostly the folder is there: a new branch begins with thousands of links.
            Posix.MakeFolder(Path.GetDirectoryName(path)!);
            error = Posix.Link(blob, path);
        }
        if (error == Posix.EMLINK)
        {
            // The file system's limit of links to one file (65,000 on ext4): later links are to a second copy.
            Renew(blob);
            error = Posix.Link(blob, path);
        }
        return error switch
        {
            0 => true,
            Posix.EEXIST => false,
            Posix.EXDEV => throw new RepositoryUnavailableException(
                $"{Path.GetDirectoryName(path)} is on another file system than {layout.Blobs}; branches are hard links, so put the whole root on one."
            ),
            _ => throw Posix.Error($"link {path}", error),
        };
    }

    void Renew(string blob)
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

    /// <summary>The package an index's stanza describes.</summary>
    public Package Known(Stanza entry) => known.GetOrAdd(entry.Required("SHA256"), _ => Package.Parse(entry));

    /// <summary>The one text of a known package's digest, so that what branches keep of it is not kept for each.</summary>
    public string Same(string sha256) => known.TryGetValue(sha256, out var package) ? package.Digests.Sha256 : sha256;

    async Task<string?> Sha256OfAsync(string sha1)
    {
        var path = layout.BySha1(sha1);
        return File.Exists(path) && (await File.ReadAllTextAsync(path)).Trim() is var sha256 && ClaimedDigests.IsHex(sha256, 64)
            ? sha256
            : null;
    }

    public async Task<Package?> BySha256Async(string sha256)
    {
        if (known.TryGetValue(sha256, out var package))
            return package;
        if (!File.Exists(layout.Blob(sha256)))
            return null;
        package = ReadSidecar(sha256) ?? await DescribeAgainAsync(sha256);
        return known.GetOrAdd(sha256, package);
    }

    /// <summary>The name of the package the bytes are, or were before they were damaged; null where nothing says it.</summary>
    public DebFileName? FileName(string sha256) => ParseSidecar(sha256)?.FileName;

    Package? ReadSidecar(string sha256) =>
        ParseSidecar(sha256) is { } package && package.Digests.Size == new FileInfo(layout.Blob(sha256)).Length ? package : null;

    Package? ParseSidecar(string sha256)
    {
        try
        {
            var package = Package.Parse(Stanza.Parse(File.ReadAllText(layout.Sidecar(sha256))));
            return package.Digests.Sha256 == sha256 ? package : null;
        }
        catch (Exception damage) when (damage is DebianFormatException or FileNotFoundException)
        {
            return null;
        }
    }

    async Task<Package> DescribeAgainAsync(string sha256)
    {
        await using var blob = File.OpenRead(layout.Blob(sha256));
        var digests = await FileDigests.ComputeAsync(blob);
        if (digests.Sha256 != sha256)
            throw new RepositoryUnavailableException(
                $"{layout.Blob(sha256)} is damaged: its SHA-256 is {digests.Sha256}. Restore it, or remove it and upload the package again."
            );
        blob.Position = 0;
        var package = Package.Of(await DebFile.ReadControlAsync(blob), digests);
        WriteSidecar(package);
        return package;
    }

    /// <summary>Writes again what is kept about a package where that is not what it should be.</summary>
    /// <returns>The files that were written.</returns>
    public IReadOnlyList<string> Describe(Package package) =>
        [.. Descriptions(package).Where(file => !File.Exists(file.Path) || File.ReadAllText(file.Path) != file.Text).Select(Write)];

    void WriteSidecar(Package package)
    {
        foreach (var file in Descriptions(package))
            Write(file);
    }

    IEnumerable<(string Path, string Text)> Descriptions(Package package) =>
        [(layout.Sidecar(package.Digests.Sha256), package.Entry), (layout.BySha1(package.Digests.Sha1), package.Digests.Sha256 + "\n")];

    string Write((string Path, string Text) file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        layout.Replace(file.Path, file.Text);
        return file.Path;
    }

    IEnumerable<string> Unlinked() =>
        Directory.Exists(layout.Blobs)
            ? Directory
                .EnumerateFiles(layout.Blobs, "*", SearchOption.AllDirectories)
                .Select(path => Path.GetFileName(path)!.Split('.')[0])
                .Where(sha256 => ClaimedDigests.IsHex(sha256, 64) && Posix.Links(layout.Blob(sha256)) <= 1)
            : [];

    void Remove(string sha256, string? sha1)
    {
        known.TryRemove(sha256, out _);
        // The bytes go last: as long as they are there, what is missing beside them is made again.
        if (sha1 is not null)
            File.Delete(layout.BySha1(sha1));
        File.Delete(layout.Sidecar(sha256));
        File.Delete(layout.Blob(sha256));
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
        catch (DebianFormatException fault)
        {
            throw new InvalidUploadException($"{name}: {fault.Message}");
        }
    }
}
