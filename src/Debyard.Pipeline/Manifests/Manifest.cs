using Debyard.Debian.Names;

namespace Debyard.Pipeline.Manifests;

/// <summary>What <c>debyard.yml</c> says: a product, what it is made of, and how it is checked. Every name in it resolves.</summary>
public sealed record Manifest
{
    /// <summary>The manifest's own file, absolute.</summary>
    public required string File { get; init; }

    /// <summary>The folder that every path in the manifest is relative to.</summary>
    public string Directory => Path.GetDirectoryName(File)!;

    public required string Product { get; init; }
    public required RepositorySettings Repository { get; init; }
    public required IReadOnlyList<BuildArchitecture> Architectures { get; init; }
    public required IReadOnlyList<BaseImage> Bases { get; init; }
    public required IReadOnlyList<Toolchain> Toolchains { get; init; }
    public required IReadOnlyList<Dependency> Dependencies { get; init; }
    public required IReadOnlyList<MainPackage> Packages { get; init; }
    public ValidationPlan? Validation { get; init; }
}

/// <summary>Where packages go. <paramref name="Url"/> is null where the run's own server is meant.</summary>
public sealed record RepositorySettings(Uri? Url, string DefaultBranch, string Suite, string Component);

/// <summary>How binaries for an architecture come about.</summary>
public enum BuildStrategy
{
    /// <summary>By a compiler that runs on the architecture it compiles for.</summary>
    Native,

    /// <summary>By a cross compiler on the engine's own architecture.</summary>
    Cross,

    /// <summary>As natively, in images of the architecture that the engine's kernel runs by an emulator.</summary>
    Emulated,

    /// <summary>By a compiler in an image that the user brings.</summary>
    Supplied,
}

/// <summary>An architecture packages are built for, with the toolchain that does it and its GNU triplet.</summary>
public sealed record BuildArchitecture(Architecture Name, BuildStrategy Strategy, string Triplet, string Toolchain)
{
    /// <summary>Its programs are loaded by musl's loader: <c>x86_64-linux-musl</c>, <c>arm-linux-musleabihf</c>.</summary>
    public bool IsMusl => Triplet.Split('-')[^1].StartsWith("musl", StringComparison.Ordinal);
}

/// <summary>An image everything else starts from: bootstrapped from the Debian archive, or pulled from a registry.</summary>
public abstract record BaseImage(string Name)
{
    /// <summary>A minimal Debian <paramref name="Suite"/>, with <paramref name="Packages"/>; the mirror is the machine's own unless one is given.</summary>
    public sealed record Bootstrapped(string Name, string Suite, IReadOnlyList<string> Packages, string? Mirror) : BaseImage(Name);

    public sealed record Pulled(string Name, string Reference) : BaseImage(Name);

    /// <summary>A toolchain that the user brings, known by its content.</summary>
    /// <param name="Id">The engine's id of it: another image under the same name is another toolchain.</param>
    public sealed record Supplied(string Name, string Reference, string Id) : BaseImage(Name);
}

/// <summary>An image that holds compilers.</summary>
public abstract record Toolchain(string Name)
{
    /// <summary>Built on one of the manifest's bases.</summary>
    public sealed record Built(string Name, string Context, string Base, IReadOnlyDictionary<string, string> Arguments) : Toolchain(Name);

    /// <summary>Brought by the user.</summary>
    /// <param name="Image">Its name for the engine, or <c>${NAME}</c>: what the environment says.</param>
    public sealed record Supplied(string Name, string Image) : Toolchain(Name)
    {
        /// <summary>The environment variable that names the image; null where the manifest does.</summary>
        public string? Variable => Image is ['$', '{', .. var name, '}'] ? name : null;

        /// <summary>The image's name; null where the environment does not say it.</summary>
        public string? Reference =>
            Variable is { } variable
                ? Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                    ? value
                    : null
                : Image;
    }
}

/// <summary>Third-party software built once for each architecture and shared by all branches.</summary>
/// <param name="Version">The version of the <c>.deb</c>; raised when its content changes.</param>
/// <param name="Needs">Dependencies whose artifacts, for the same architecture, this one is built against.</param>
/// <param name="Architectures">Empty: all of the manifest's.</param>
public sealed record Dependency(
    string Name,
    string Version,
    string Context,
    IReadOnlyList<string> Needs,
    IReadOnlyList<Architecture> Architectures,
    IReadOnlyDictionary<string, string> Arguments
);

/// <summary>The product's own package. Its version grows with every commit that touches what it is made of.</summary>
/// <param name="Architecture"><c>all</c>, or null for one package per architecture.</param>
/// <param name="Base">The image it starts from; null where the architecture's toolchain serves.</param>
public sealed record MainPackage(
    string Name,
    string Version,
    Architecture? Architecture,
    string Context,
    string? Base,
    IReadOnlyList<string> Needs,
    IReadOnlyDictionary<string, string> Arguments
);

/// <summary>How the packages prove themselves: installed in a clean container of <paramref name="Base"/>, then each scenario.</summary>
public sealed record ValidationPlan(string Base, IReadOnlyList<string> Install, IReadOnlyList<Scenario> Scenarios);

/// <summary>One start of the installed service with files of its own, and what it must answer.</summary>
/// <param name="Files">Path in the container to path beside the manifest.</param>
/// <param name="Port">The port to check; null: a free one, put wherever files or the command say <c>{port}</c>.</param>
public sealed record Scenario(
    string Name,
    IReadOnlyDictionary<string, string> Files,
    string Start,
    int? Port,
    IReadOnlyList<HttpCheck> Checks
);

/// <summary>A request and what its answer must be. What is null is not looked at.</summary>
public sealed record HttpCheck(
    string Path,
    IReadOnlyDictionary<string, string> Headers,
    int Status,
    string? Contains,
    long? Length,
    string? ContentType
);
