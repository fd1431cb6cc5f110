using Debyard.Debian.Names;

namespace Debyard.Pipeline.Manifests;

/// <summary>The content of <c>debyard.yml</c>. All names in it refer to something that it defines.</summary>
public sealed record Manifest
{
    /// <summary>The absolute path of the manifest.</summary>
    public required string File { get; init; }

    /// <summary>The folder that the paths in the manifest are relative to.</summary>
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

/// <summary>Where packages are published.</summary>
/// <param name="Url">Null: the server that the run starts itself.</param>
public sealed record RepositorySettings(Uri? Url, string DefaultBranch, string Suite, string Component);

/// <summary>How binaries for an architecture are built.</summary>
public enum BuildStrategy
{
    /// <summary>By a compiler that runs on the architecture that it compiles for.</summary>
    Native,

    /// <summary>By a cross compiler on the engine's own architecture.</summary>
    Cross,

    /// <summary>By a native compiler in an image of that architecture, which the engine's kernel runs by an emulator.</summary>
    Emulated,

    /// <summary>By a compiler in an image that the user supplies.</summary>
    Supplied,
}

/// <summary>An architecture to build packages for.</summary>
/// <param name="Triplet">Its GNU triplet: <c>aarch64-linux-gnu</c>.</param>
/// <param name="Toolchain">The name of the toolchain that builds for it.</param>
public sealed record BuildArchitecture(Architecture Name, BuildStrategy Strategy, string Triplet, string Toolchain)
{
    /// <summary>Whether its libc is musl: <c>x86_64-linux-musl</c>, <c>arm-linux-musleabihf</c>.</summary>
    public bool IsMusl => Triplet.Split('-')[^1].StartsWith("musl", StringComparison.Ordinal);
}

/// <summary>An image that does not come from a Dockerfile of the product.</summary>
public abstract record BaseImage(string Name)
{
    /// <summary>A minimal Debian, bootstrapped from an archive.</summary>
    /// <param name="Packages">Additional packages.</param>
    /// <param name="Mirror">Null: the mirror that this machine uses.</param>
    public sealed record Bootstrapped(string Name, string Suite, IReadOnlyList<string> Packages, string? Mirror) : BaseImage(Name);

    public sealed record Pulled(string Name, string Reference) : BaseImage(Name);

    /// <summary>A toolchain image that the user supplies.</summary>
    /// <param name="Id">The engine's id of the image, which identifies its content.</param>
    public sealed record Supplied(string Name, string Reference, string Id) : BaseImage(Name);
}

/// <summary>An image with compilers.</summary>
public abstract record Toolchain(string Name)
{
    /// <summary>A toolchain image built from one of the manifest's bases.</summary>
    public sealed record Built(string Name, string Context, string Base, IReadOnlyDictionary<string, string> Arguments) : Toolchain(Name);

    /// <summary>A toolchain image that the user supplies.</summary>
    /// <param name="Image">An image reference, or <c>${NAME}</c> for an environment variable that holds one.</param>
    public sealed record Supplied(string Name, string Image) : Toolchain(Name)
    {
        /// <summary>The environment variable that holds the reference; null if the manifest has the reference itself.</summary>
        public string? Variable => Image is ['$', '{', .. var name, '}'] ? name : null;

        /// <summary>The image reference; null if the environment variable is not set.</summary>
        public string? Reference =>
            Variable is { } variable
                ? Environment.GetEnvironmentVariable(variable) is { Length: > 0 } value
                    ? value
                    : null
                : Image;
    }
}

/// <summary>Third-party software that is built once for each architecture and shared by all branches.</summary>
/// <param name="Version">The version of the <c>.deb</c>; raise it when the content changes.</param>
/// <param name="Needs">Dependencies that this one is built with, for the same architecture.</param>
/// <param name="Architectures">Empty: all of the manifest's.</param>
public sealed record Dependency(
    string Name,
    string Version,
    string Context,
    IReadOnlyList<string> Needs,
    IReadOnlyList<Architecture> Architectures,
    IReadOnlyDictionary<string, string> Arguments
)
{
    public bool IsFor(BuildArchitecture architecture) => Architectures.Count == 0 || Architectures.Contains(architecture.Name);
}

/// <summary>The product's own package. Its version grows with every commit that changes its sources.</summary>
/// <param name="Architecture"><c>all</c>, or null for one package per architecture.</param>
/// <param name="Base">The base image that it is built in; null: the architecture's toolchain.</param>
public sealed record MainPackage(
    string Name,
    string Version,
    Architecture? Architecture,
    string Context,
    string? Base,
    IReadOnlyList<string> Needs,
    IReadOnlyDictionary<string, string> Arguments
);
