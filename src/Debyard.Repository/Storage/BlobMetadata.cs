using System.Collections.Concurrent;
using Debyard.Debian;
using Debyard.Debian.Control;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;

namespace Debyard.Repository.Storage;

/// <summary>
/// The metadata of blobs, which saves reading them: a sidecar file beside the blob with its index stanza, and a file per SHA-1 with the
/// SHA-256. Missing or damaged metadata is rebuilt from the blob.
/// </summary>
sealed class BlobMetadata(RepositoryLayout layout)
{
    readonly ConcurrentDictionary<Sha256, Package> packages = new();

    /// <summary>The package with this SHA-256; null if there is no such blob.</summary>
    /// <exception cref="RepositoryUnavailableException">The blob is damaged.</exception>
    public async Task<Package?> FindAsync(Sha256 sha256)
    {
        if (packages.TryGetValue(sha256, out var package))
            return package;
        if (!File.Exists(layout.Blob(sha256)))
            return null;
        return packages.GetOrAdd(sha256, Read(sha256) ?? await RebuildAsync(sha256));
    }

    /// <summary>The SHA-256 of the blob with this SHA-1; null if none is recorded.</summary>
    public async Task<Sha256?> FindSha256Async(string sha1)
    {
        var path = layout.BySha1(sha1);
        return File.Exists(path) && Sha256.TryParse((await File.ReadAllTextAsync(path)).Trim(), out var sha256) ? sha256 : null;
    }

    /// <summary>The file name of the package, even if its bytes are damaged by now; null if no sidecar says it.</summary>
    public DebFileName? FindFileName(Sha256 sha256) => ParseSidecar(sha256)?.FileName;

    /// <summary>The package an index stanza describes.</summary>
    public Package GetOrParse(Stanza entry) => packages.GetOrAdd(Sha256.Parse(entry.Required("SHA256")), _ => Package.Parse(entry));

    public void Add(Package package) => packages.TryAdd(package.Digests.Sha256, package);

    public void Write(Package package)
    {
        foreach (var file in FilesOf(package))
            Write(file);
    }

    /// <summary>Rewrites metadata that is missing or wrong.</summary>
    /// <returns>The files that were rewritten.</returns>
    public IReadOnlyList<string> Repair(Package package) =>
        [.. FilesOf(package).Where(file => !File.Exists(file.Path) || File.ReadAllText(file.Path) != file.Text).Select(Write)];

    public void Delete(Sha256 sha256, string? sha1)
    {
        packages.TryRemove(sha256, out _);
        if (sha1 is not null)
            File.Delete(layout.BySha1(sha1));
        File.Delete(layout.Sidecar(sha256));
    }

    /// <summary>The package as its sidecar describes it; null if that is missing, damaged, or contradicts the blob's size.</summary>
    public Package? Read(Sha256 sha256) =>
        ParseSidecar(sha256) is { } package && package.Digests.Size == new FileInfo(layout.Blob(sha256)).Length ? package : null;

    Package? ParseSidecar(Sha256 sha256)
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

    async Task<Package> RebuildAsync(Sha256 sha256)
    {
        await using var blob = File.OpenRead(layout.Blob(sha256));
        var digests = await FileDigests.ComputeAsync(blob);
        if (digests.Sha256 != sha256)
            throw new RepositoryUnavailableException(
                $"{layout.Blob(sha256)} is damaged: its SHA-256 is {digests.Sha256}. Restore it, or remove it and upload the package again."
            );
        blob.Position = 0;
        var package = Package.Of(await DebFile.ReadControlAsync(blob), digests);
        Write(package);
        return package;
    }

    IEnumerable<(string Path, string Text)> FilesOf(Package package) =>
        [(layout.Sidecar(package.Digests.Sha256), package.Entry), (layout.BySha1(package.Digests.Sha1), $"{package.Digests.Sha256}\n")];

    string Write((string Path, string Text) file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        layout.Replace(file.Path, file.Text);
        return file.Path;
    }
}
