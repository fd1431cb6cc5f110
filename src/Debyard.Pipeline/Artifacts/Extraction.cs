using System.Formats.Tar;
using Debyard.Debian;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Checks;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Artifacts;

/// <summary>Copies the <c>.deb</c> files out of an image, without running anything in it, and checks them.</summary>
public sealed class Extraction(ArtifactStore store, Func<Task<DockerEngine>> engine, Action<string> log)
{
    /// <summary>The folder of an image that holds its packages.</summary>
    public const string Folder = "/artifacts";

    // A wrong linker option makes every binary invalid, so only the first ones are shown.
    const int ShownFaults = 10;

    readonly ImagePacking packing = new(engine);

    /// <summary>The file name of the package that an image must produce.</summary>
    public static string PackageOf(Image image) => $"{image.Name}_{WithoutEpoch(image)}_{image.Architecture}.deb";

    /// <summary>The kept artifacts of the image, or else those that it contains.</summary>
    /// <exception cref="PipelineException">It has none, or one that does not fit its name, the image or the manifest.</exception>
    public async Task<BuildRecord> ExtractAsync(Image image, CancellationToken cancellation)
    {
        if (store.Find(image) is { } kept)
        {
            return kept;
        }
        var record = await store.KeepAsync(image, folder => ExtractAsync(image, folder, cancellation));
        foreach (var artifact in record.Artifacts)
        {
            var done = image.Packing is null ? "extracted" : "packed";
            log($"{artifact.FileName} {done}, {artifact.Digests.Size:N0} bytes, SHA-256 {artifact.Digests.Sha256.ToString()[..12]}…");
        }
        return record;
    }

    async Task<IReadOnlyList<Artifact>> ExtractAsync(Image image, string folder, CancellationToken cancellation)
    {
        var artifacts = await ReadAsync(image, image.Reference, folder, cancellation);
        await CheckAsync(image, artifacts.Select(artifact => Path.Combine(folder, artifact.FileName)), cancellation);
        return artifacts;
    }

    /// <summary>Copies the artifacts of an image into a folder, in the order of their names.</summary>
    /// <param name="image">The image that the artifacts belong to.</param>
    /// <param name="reference">The name of the image in the engine.</param>
    /// <param name="folder">Where the copies go.</param>
    /// <param name="cancellation">Cancels the copy.</param>
    public async Task<IReadOnlyList<Artifact>> ReadAsync(Image image, string reference, string folder, CancellationToken cancellation)
    {
        if (image.Packing is { } job)
        {
            return await packing.PackAsync(job, image, reference, await ShlibsOfNeedsAsync(image, cancellation), folder, cancellation);
        }
        await using var container = await (await engine()).CreateAsync(image, reference, cancellation);
        await using var archive =
            await container.TryReadFolderAsync(Folder, cancellation)
            ?? throw new PipelineException($"{image} has no folder {Folder}: its Dockerfile must put the .deb files there.");
        var artifacts = new List<Artifact>();
        while (await archive.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                artifacts.Add(await ExtractAsync(image, entry, folder, cancellation));
            }
        }
        var expected = PackageOf(image);
        if (artifacts.All(artifact => artifact.FileName != expected))
        {
            var found =
                artifacts.Count == 0
                    ? "the folder is empty"
                    : "the folder has " + string.Join(", ", artifacts.Select(artifact => artifact.FileName));
            throw new PipelineException($"{image.Id} has no {Folder}/{expected}: {found}.");
        }
        return [.. artifacts.OrderBy(artifact => artifact.FileName, StringComparer.Ordinal)];
    }

    async Task CheckAsync(Image image, IEnumerable<string> debs, CancellationToken cancellation)
    {
        var packages = new List<PackageContent>();
        foreach (var deb in debs)
        {
            packages.Add(await PackageContent.ReadAsync(deb, cancellation));
        }
        var faults = packages.SelectMany(package => BinaryChecks.Faults(package, image.Target)).ToList();
        if (faults.Count == 0 && packages.Any(package => package.Binaries.Any(binary => binary.Links.Needed.Count > 0)))
        {
            var built = packages.Select(package => package.AsProvider()).ToList();
            foreach (var needed in NeedsOf(image).Distinct())
            {
                foreach (var artifact in store.Find(needed)?.Artifacts ?? [])
                {
                    built.Add((await PackageContent.ReadAsync(store.PathOf(needed, artifact), cancellation)).AsProvider());
                }
            }
            var installed = image is { IsFolder: false, Target: { IsMusl: false, Strategy: not BuildStrategy.Supplied } }
                ? await InstalledAsync(image, cancellation)
                : null;
            faults = [.. packages.SelectMany(new LibraryChecks(built, installed).Faults)];
        }
        if (faults.Count > 0)
        {
            var more = faults.Count > ShownFaults ? $"\n{image.Id}: and {faults.Count - ShownFaults} more" : "";
            throw new PipelineException(string.Join('\n', faults.Take(ShownFaults).Select(fault => $"{image.Id}: {fault}")) + more);
        }
    }

    // What an image was built from is in the engine, or its packages are kept.
    async Task<IReadOnlyList<string>> ShlibsOfNeedsAsync(Image image, CancellationToken cancellation)
    {
        var found = new List<string>();
        foreach (var needed in NeedsOf(image).Distinct())
        {
            foreach (var artifact in (await ExtractAsync(needed, cancellation)).Artifacts)
            {
                await using var deb = File.OpenRead(store.PathOf(needed, artifact));
                if (await DebFile.ReadControlFileAsync(deb, "shlibs", cancellation) is { } shlibs)
                {
                    found.Add(shlibs);
                }
            }
        }
        return found;
    }

    async Task<IReadOnlyList<Provider>?> InstalledAsync(Image image, CancellationToken cancellation)
    {
        await using var container = await (await engine()).CreateAsync(image, image.Reference, cancellation);
        return await InstalledPackages.ReadAsync(container, image.Architecture, cancellation);
    }

    static IEnumerable<Image> NeedsOf(Image image) =>
        image.Parents.Values.Where(parent => parent.HasArtifacts).SelectMany(parent => NeedsOf(parent).Append(parent));

    static async Task<Artifact> ExtractAsync(Image image, TarEntry entry, string folder, CancellationToken cancellation)
    {
        // Only the last part of the entry's name is used, so it cannot leave the folder.
        var fileName = Path.GetFileName(entry.Name);
        if (!DebFileName.TryParse(fileName, out var name))
        {
            throw new PipelineException(
                $"{image.Id} has {Folder}/{fileName}: only packages named name_version_architecture.deb may be there."
            );
        }
        if (name.Architecture != image.Architecture && !name.Architecture.IsAll)
        {
            throw new PipelineException($"{image.Id} has {fileName}, a package for {name.Architecture}.");
        }

        var path = Path.Combine(folder, fileName);
        FileDigests digests;
        await using (var file = File.Create(path))
        {
            await entry.DataStream!.CopyToAsync(file, cancellation);
            file.Position = 0;
            digests = await FileDigests.ComputeAsync(file, cancellation);
            file.Position = 0;
            try
            {
                DebFile.CheckName(await DebFile.ReadControlAsync(file, cancellation), name);
            }
            catch (DebianFormatException exception)
            {
                throw new PipelineException($"{image.Id} has an invalid {fileName}: {exception.Message}", exception);
            }
        }
        return new Artifact(fileName, digests);
    }

    static string WithoutEpoch(Image image)
    {
        var version =
            image.Packing?.Version
            ?? image.Arguments.GetValueOrDefault("VERSION")
            ?? throw new PipelineException(
                $"{image.Context!.Name}/Dockerfile does not declare ARG VERSION: the manifest's version would not reach the package."
            );
        return DebianVersion.Parse(version).WithoutEpoch;
    }
}
