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
    readonly ConcurrentDictionary<string, Package> packages = new();

    /// <summary>The package with this SHA-256; null if there is no such blob.</summary>
    /// <exception cref="RepositoryUnavailableException">The blob is damaged.</exception>
    public async Task<Package?> FindAsync(string sha256)
    {
        if (packages.TryGetValue(sha256, out var package))
            return package;
        if (!File.Exists(layout.Blob(sha256)))
            return null;
        return packages.GetOrAdd(sha256, Read(sha256) ?? await RebuildAsync(sha256));
    }

    /// <summary>The SHA-256 of the blob with this SHA-1; null if none is recorded.</summary>
    public async Task<string?> FindSha256Async(string sha1)
    {
        var path = layout.BySha1(sha1);
        return File.Exists(path) && (await File.ReadAllTextAsync(path)).Trim() is var sha256 && AnnouncedDigests.IsHex(sha256, 64)
            ? sha256
            : null;
    }

    /// <summary>The file name of the package from its sidecar, even if the blob is damaged; null if there is no valid sidecar.</summary>
    public DebFileName? FindFileName(string sha256) => ParseSidecar(sha256)?.FileName;

    /// <summary>The package that an index stanza describes.</summary>
    public Package GetOrParse(Stanza entry) => packages.GetOrAdd(entry.Required("SHA256"), _ => Package.Parse(entry));

    /// <summary>Interns the digest string.</summary>
    public string Intern(string sha256) => packages.TryGetValue(sha256, out var package) ? package.Digests.Sha256 : sha256;

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

    public void Delete(string sha256, string? sha1)
    {
        packages.TryRemove(sha256, out _);
        if (sha1 is not null)
            File.Delete(layout.BySha1(sha1));
        File.Delete(layout.Sidecar(sha256));
    }

    /// <summary>The package from its sidecar; null if the sidecar is missing, damaged, or contradicts the blob's size.</summary>
    public Package? Read(string sha256) =>
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

    async Task<Package> RebuildAsync(string sha256)
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
        [(layout.Sidecar(package.Digests.Sha256), package.Entry), (layout.BySha1(package.Digests.Sha1), package.Digests.Sha256 + "\n")];

    string Write((string Path, string Text) file)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(file.Path)!);
        layout.Replace(file.Path, file.Text);
        return file.Path;
    }
}
