using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Packing;

/// <summary>A package to make.</summary>
/// <param name="Directory">The folder of the manifest, which the section's paths are relative to.</param>
public sealed record PackJob(string Name, string Version, Architecture Architecture, PackSection Section, string Directory)
{
    /// <summary>The time of every entry: <c>SOURCE_DATE_EPOCH</c>; null: the image says it.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>The GNU triplet; empty for <c>all</c>.</summary>
    public string Triplet { get; init; } = "";

    /// <summary>The manifest's name, which errors begin with.</summary>
    public string Manifest { get; init; } = "debyard.yml";

    /// <summary>The package that has the C library; null: the build image's dpkg knows it.</summary>
    public string? Libc { get; init; }

    /// <summary>The package of an entry of the manifest; null if its image makes it.</summary>
    /// <param name="target">What its binaries are built for.</param>
    /// <param name="architecture">The package's own, which may be <c>all</c>.</param>
    public static PackJob? Of(
        Manifest manifest,
        string name,
        string version,
        PackSection? section,
        BuildArchitecture target,
        Architecture architecture
    ) =>
        section is null
            ? null
            : new PackJob(name, version, architecture, section, manifest.Directory)
            {
                Triplet = architecture.IsAll ? "" : target.Triplet,
                Libc = target.Libc,
                Manifest = Path.GetFileName(manifest.File),
            };

    /// <summary>The version without epoch, as file names have it.</summary>
    public string FileVersion => DebianVersion.Parse(Version).WithoutEpoch;

    public string PathOf(string source) => Path.GetFullPath(Path.Combine(Directory, Expand(source)));

    /// <summary>Replaces <c>${PACKAGE} ${VERSION} ${ARCHITECTURE} ${TRIPLET}</c>, as a Dockerfile receives them.</summary>
    public string Expand(string text) =>
        text.Replace("${PACKAGE}", Name, StringComparison.Ordinal)
            .Replace("${VERSION}", FileVersion, StringComparison.Ordinal)
            .Replace("${ARCHITECTURE}", Architecture.ToString(), StringComparison.Ordinal)
            .Replace("${TRIPLET}", Triplet, StringComparison.Ordinal);

    public PipelineException Wrong(string message, long? line = null) => new($"{Manifest}:{line ?? Section.Line}: {Name}: {message}");
}
