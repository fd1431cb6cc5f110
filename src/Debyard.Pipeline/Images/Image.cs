using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Images;

public enum ImageKind
{
    Base,
    Toolchain,
    Dependency,
    Package,
}

/// <summary>
/// One image of the run: what it is built from and for which architecture. Its fingerprint covers all of that, so two runs
/// that see the same fingerprint would build the same thing.
/// </summary>
public sealed class Image
{
    public required ImageKind Kind { get; init; }

    /// <summary>The name in the manifest; for dependencies and packages also the <c>.deb</c>'s.</summary>
    public required string Name { get; init; }

    /// <summary>What the artifacts are for (<c>all</c> included); for bases and toolchains, what runs them.</summary>
    public required Architecture Architecture { get; init; }

    public required string Product { get; init; }

    /// <summary>How its binaries come about; null for what has none: bases, toolchains and packages for <c>all</c>.</summary>
    public BuildArchitecture? Target { get; init; }

    /// <summary>True where the image is of another architecture than the engine's, and runs emulated.</summary>
    public bool IsEmulated { get; init; }

    /// <summary>How a base comes about; null for everything that has a <see cref="Context"/>.</summary>
    public BaseImage? Base { get; init; }

    /// <summary>The build context; null for a base.</summary>
    public BuildContext? Context { get; init; }

    /// <summary>Build arguments, as far as the Dockerfile declares them.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>The images this one is built from, each under the build argument that hands it over (<c>BASE</c>, <c>TOOLCHAIN</c>, <c>NEED_…</c>).</summary>
    public IReadOnlyDictionary<string, Image> Parents { get; init; } = new Dictionary<string, Image>();

    public Fingerprint Fingerprint => field ??= Fingerprint.Of(this);

    public bool HasArtifacts => Kind is ImageKind.Dependency or ImageKind.Package;

    /// <summary>How a person calls it: <c>streamer-lua/arm64</c>.</summary>
    public string Id => HasArtifacts || IsEmulated ? $"{Name}/{Architecture}" : Name;

    /// <summary>The tag the engine knows it by. It holds the fingerprint, so a tag never names two different things.</summary>
    public string Reference => $"debyard/{Product}/{Name}:{Architecture}-{Fingerprint.Brief}";

    public override string ToString() => Id;
}
