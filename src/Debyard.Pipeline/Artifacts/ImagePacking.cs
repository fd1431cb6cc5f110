using System.Globalization;
using Debyard.Debian.Digests;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Packing;

namespace Debyard.Pipeline.Artifacts;

/// <summary>Packs the tree that an image has built, or a folder. Nothing runs in the image.</summary>
sealed class ImagePacking(Func<Task<DockerEngine>> engine)
{
    /// <summary>The folder of an image that holds the tree.</summary>
    const string Tree = "/package";

    // Written by fetch-source: the time of upstream's newest file, in seconds since 1970.
    const string TimeFile = "/etc/source-date-epoch";

    /// <param name="job">The package to make.</param>
    /// <param name="image">The image that the package belongs to.</param>
    /// <param name="reference">The name of the image in the engine.</param>
    /// <param name="needs">The files shlibs of what the image was built with.</param>
    /// <param name="folder">Where the packages go.</param>
    /// <param name="cancellation">Cancels the packing.</param>
    public async Task<IReadOnlyList<Artifact>> PackAsync(
        PackJob job,
        Image image,
        string reference,
        IReadOnlyList<string> needs,
        string folder,
        CancellationToken cancellation
    )
    {
        // In the output folder, because the machine's temporary folder may be small, or in memory.
        var spool = Directory.CreateDirectory(folder.TrimEnd('/') + ".tree").FullName;
        try
        {
            var files = image.IsFolder
                ? await Packer.PackAsync(job, FolderOf(job), null, folder, cancellation)
                : await PackImageAsync(job, image, reference, needs, spool, folder, cancellation);
            var artifacts = new List<Artifact>();
            foreach (var file in files)
            {
                await using var content = File.OpenRead(file);
                artifacts.Add(new Artifact(Path.GetFileName(file), await FileDigests.ComputeAsync(content, cancellation)));
            }
            return artifacts;
        }
        finally
        {
            Directory.Delete(spool, recursive: true);
        }
    }

    static PackTree FolderOf(PackJob job) => TreeSource.OfFolder(job.PathOf(job.Section.From!), job.Expand(job.Section.From!));

    async Task<IReadOnlyList<string>> PackImageAsync(
        PackJob job,
        Image image,
        string reference,
        IReadOnlyList<string> needs,
        string spool,
        string folder,
        CancellationToken cancellation
    )
    {
        await using var container = await (await engine()).CreateAsync(image, reference, cancellation);
        PackTree tree;
        await using (
            var archive =
                await container.TryReadFolderAsync(Tree, cancellation)
                ?? throw new PipelineException($"{image} has no folder {Tree}: its Dockerfile must put there what the package installs.")
        )
        {
            tree = await TreeSource.OfImageAsync(archive, spool, cancellation);
        }
        var libraries = new KnownLibraries();
        foreach (var shlibs in needs)
        {
            libraries.AddNeeded(shlibs);
        }
        await AddInstalledAsync(libraries, container, image, cancellation);
        var timed = job with { Time = job.Time ?? await TimeOfAsync(container, cancellation) };
        return await Packer.PackAsync(timed, tree, libraries, folder, cancellation);
    }

    static async Task AddInstalledAsync(KnownLibraries libraries, EngineContainer container, Image image, CancellationToken cancellation)
    {
        if (await container.TryReadFolderAsync("/var/lib/dpkg/info", cancellation) is not { } archive)
        {
            return;
        }
        await using var _ = archive;
        while (await archive.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            // libc6:amd64.symbols
            var (package, kind) = (Path.GetFileNameWithoutExtension(entry.Name), Path.GetExtension(entry.Name));
            if (kind is not (".shlibs" or ".symbols") || entry.DataStream is not { } content || !IsForTarget(package, image))
            {
                continue;
            }
            using var reader = new StreamReader(content);
            var text = await reader.ReadToEndAsync(cancellation);
            if (kind == ".symbols")
            {
                libraries.AddSymbols(text);
            }
            else
            {
                libraries.AddShlibs(text);
            }
        }
    }

    // A cross compiler's image has the build machine's libraries too, which the target does not have.
    static bool IsForTarget(string package, Image image) =>
        package.EndsWith($":{image.Architecture}", StringComparison.Ordinal)
        || package.EndsWith($"-{image.Architecture}-cross", StringComparison.Ordinal)
        || (!package.Contains(':') && image.Target is not { Strategy: BuildStrategy.Cross });

    static async Task<DateTimeOffset> TimeOfAsync(EngineContainer container, CancellationToken cancellation)
    {
        if (await container.TryReadFolderAsync(TimeFile, cancellation) is not { } archive)
        {
            return DateTimeOffset.UnixEpoch;
        }
        await using var _ = archive;
        var entry = await archive.GetNextEntryAsync(copyData: false, cancellation);
        using var reader = new StreamReader(entry?.DataStream ?? Stream.Null);
        var text = (await reader.ReadToEndAsync(cancellation)).Trim();
        return long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : throw new PipelineException($"{TimeFile} in the image holds '{text}', not a number of seconds since 1970.");
    }
}
