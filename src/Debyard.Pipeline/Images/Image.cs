using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Packing;

namespace Debyard.Pipeline.Images;

public enum ImageKind
{
    Base,
    Toolchain,
    Dependency,
    Package,
}

/// <summary>One image of the run. Two runs that compute the same fingerprint would build the same image.</summary>
public sealed class Image
{
    public required ImageKind Kind { get; init; }

    /// <summary>The name in the manifest; for dependencies and packages also that of the <c>.deb</c>.</summary>
    public required string Name { get; init; }

    /// <summary>The architecture of the artifacts, which may be <c>all</c>; for bases and toolchains, the one they run on.</summary>
    public required Architecture Architecture { get; init; }

    public required string Product { get; init; }

    /// <summary>What the image's binaries are built for; null for bases, toolchains and packages for <c>all</c>.</summary>
    public BuildArchitecture? Target { get; init; }

    /// <summary>Whether the image has another architecture than the engine, which then runs it by emulation.</summary>
    public bool IsEmulated { get; init; }

    /// <summary>Where a base or a supplied toolchain comes from; null for images with a <see cref="Context"/>.</summary>
    public BaseImage? Base { get; init; }

    /// <summary>Null for images with a <see cref="Base"/>, and for packages that are packed from a folder.</summary>
    public BuildContext? Context { get; init; }

    /// <summary>How the package is made of the image's files, or of a folder; null: the image makes it itself.</summary>
    public PackJob? Packing { get; init; }

    /// <summary>Whether there is no image at all: a folder is packed.</summary>
    public bool IsFolder => Context is null && Base is null;

    /// <summary>The build arguments that the Dockerfile declares.</summary>
    public IReadOnlyDictionary<string, string> Arguments { get; init; } = new Dictionary<string, string>();

    /// <summary>
    /// The images this one is built from, by the build argument that passes them on: <c>BASE</c>, <c>TOOLCHAIN</c>, <c>NEED_…</c>.
    /// </summary>
    public IReadOnlyDictionary<string, Image> Parents { get; init; } = new Dictionary<string, Image>();

    /// <summary>Over everything that decides the artifacts.</summary>
    public Fingerprint Fingerprint => field ??= Fingerprint.Of(this);

    /// <summary>Over everything that decides the image, so without what only decides how its files are packed.</summary>
    public Fingerprint BuildFingerprint => field ??= Fingerprint.OfBuild(this);

    public bool HasArtifacts => Kind is ImageKind.Dependency or ImageKind.Package;

    /// <summary>The name in logs and messages: <c>streamer-lua/arm64</c>.</summary>
    public string Id => HasArtifacts || IsEmulated ? $"{Name}/{Architecture}" : Name;

    /// <summary>The image's name in the engine. It includes the fingerprint, so it never stands for two different images.</summary>
    public string Reference => $"debyard/{Product}/{Name}:{Architecture}-{BuildFingerprint.Brief}";

    public override string ToString() => Id;
}
