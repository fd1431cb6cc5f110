using System.Formats.Tar;
using System.Globalization;
using System.Text;
using Debyard.Debian.Digests;
using Debyard.Debian.Packages;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Rpm;

/// <summary>
/// Runs rpmbuild in a container without network, with Debian's rpm. The same .deb, spec file and tools give the same bytes; the rpm has no
/// signature, which the server adds.
/// </summary>
/// <param name="prepare">Connects to the engine and builds the image; called only if an rpm must be made.</param>
/// <param name="tools">The image with rpmbuild: <see cref="Tools"/>.</param>
/// <param name="folder">Where rpms are kept, by the fingerprint of what they are made from.</param>
public sealed class RpmBuilder(Func<Task<DockerEngine>> prepare, Image tools, string folder)
{
    /// <summary>Where the files of the package are in the container.</summary>
    public const string Tree = "/build/tree";

    const string Output = "/build/rpms";
    const string SpecFile = "/build/package.spec";

    /// <summary>The image with rpmbuild: a minimal Debian with the package rpm.</summary>
    /// <param name="mirror">The archive; null: the one that this machine uses.</param>
    public static BaseImage.Bootstrapped Tools(string? mirror) => new("rpm-tools", "bookworm", ["rpm"], mirror);

    /// <summary>The rpm of a .deb, which was made earlier or is made now.</summary>
    /// <exception cref="PipelineException">rpmbuild fails; the message has its output.</exception>
    public async Task<PackageFile> BuildAsync(PackageFile deb, DebContent content, string spec, CancellationToken cancellation)
    {
        var architecture = RpmArchitecture.Of(content.Name.Architecture)!;
        var fingerprint = Fingerprint.Over([
            new Input("deb", deb.Digests.Sha256.ToString()),
            new Input("spec", spec),
            new Input("options", string.Join(' ', Options(architecture))),
            new Input("tools", tools.Fingerprint.Value),
        ]);
        var kept = Path.Combine(folder, content.Name.Name.ToString(), fingerprint.Brief);
        if (!Directory.Exists(kept))
        {
            Directory.CreateDirectory(Path.GetDirectoryName(kept)!);
            var part = Directory.CreateDirectory($"{kept}.{Environment.ProcessId}.part").FullName;
            try
            {
                await BuildAsync(deb, content, spec, architecture, part, cancellation);
                Directory.Move(part, kept);
            }
            finally
            {
                if (Directory.Exists(part))
                {
                    Directory.Delete(part, recursive: true);
                }
            }
        }
        var path = Directory.EnumerateFiles(kept).Single();
        await using var rpm = File.OpenRead(path);
        return new PackageFile(path, Path.GetFileName(path), await FileDigests.ComputeAsync(rpm, cancellation));
    }

    async Task BuildAsync(
        PackageFile deb,
        DebContent content,
        string spec,
        string architecture,
        string output,
        CancellationToken cancellation
    )
    {
        await using var container = await (await prepare()).StartAsync(tools, "none", cancellation);
        await container.RunAsync(["mkdir", "-p", Tree, Output], cancellation);
        await using (var file = File.OpenRead(deb.Path!))
        await using (var data = await DebFile.OpenDataAsync(file, cancellation))
        {
            await container.ExtractAsync(data, Tree, cancellation);
        }
        await container.WriteAsync([(SpecFile, Encoding.UTF8.GetBytes(spec))], cancellation);
        var epoch = content.Modified.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        var result = await container.RunAsync(
            ["env", $"SOURCE_DATE_EPOCH={epoch}", "HOME=/build", "rpmbuild", .. Options(architecture), "-bb", SpecFile],
            cancellation
        );
        if (result.ExitCode != 0)
        {
            throw new PipelineException(
                $"{deb.FileName}: rpmbuild exited with code {result.ExitCode}:\n"
                    + string.Join('\n', result.Output.Trim().Split('\n').TakeLast(20).Select(line => $"  | {line}"))
            );
        }
        await using var archive =
            await container.TryReadFolderAsync(Output, cancellation)
            ?? throw new PipelineException($"{deb.FileName}: rpmbuild made no rpm.");
        while (await archive.GetNextEntryAsync(copyData: false, cancellation) is { } entry)
        {
            if (entry.EntryType is TarEntryType.RegularFile or TarEntryType.V7RegularFile)
            {
                await using var rpm = File.Create(Path.Combine(output, Path.GetFileName(entry.Name)));
                await entry.DataStream!.CopyToAsync(rpm, cancellation);
            }
        }
    }

    // Without these, the rpm would hold the time and host of the build, and the content would be changed: stripped, and linked by build id.
    static IEnumerable<string> Options(string architecture) =>
        new[]
        {
            "_topdir /build/top",
            $"_rpmdir {Output}",
            "_build_name_fmt %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm",
            "_buildhost debyard",
            "use_source_date_epoch_as_buildtime 1",
            "clamp_mtime_to_source_date_epoch 1",
            "__os_install_post %{nil}",
            "debug_package %{nil}",
            "_build_id_links none",
            "_binary_payload w3.zstdio",
            "_docdir_fmt %%{NAME}",
        }
            .SelectMany(definition => new[] { "--define", definition })
            .Concat(architecture == "noarch" ? [] : ["--target", architecture]);
}
