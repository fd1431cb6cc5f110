using Debyard.Debian.Names;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Steps;

/// <summary>An architecture of the manifest that a run leaves out.</summary>
public sealed record SkippedArchitecture(BuildArchitecture Architecture, string Reason);

/// <summary>What a run builds, decided at its start. Later edits to the manifest or to Dockerfiles count for the next run.</summary>
public sealed class RunPlan
{
    readonly IReadOnlyList<string> only;
    readonly IReadOnlyList<Architecture> emulated;

    RunPlan(Manifest manifest, IReadOnlyList<string> only, IReadOnlyList<Architecture> emulated) =>
        (Manifest, this.only, this.emulated) = (manifest, only, emulated);

    public Manifest Manifest { get; }

    /// <summary>The architectures to build for.</summary>
    public required IReadOnlyList<BuildArchitecture> Architectures { get; init; }

    /// <summary>The architectures left out because the user did not supply their toolchain image.</summary>
    public required IReadOnlyList<SkippedArchitecture> Skipped { get; init; }

    public required ImageGraph Graph { get; init; }

    public required SourceHistory History { get; init; }

    /// <summary>The configured repository server; null: the run starts its own.</summary>
    public required Uri? Server { get; init; }

    /// <summary>The architectures that validation runs: the engine's own, and those to emulate.</summary>
    public IEnumerable<Architecture> ValidatedArchitectures =>
        Architectures
            .Select(architecture => architecture.Name)
            .Where(architecture => architecture == Platforms.EngineArchitecture || emulated.Contains(architecture));

    /// <summary>Reads the manifest, build contexts and git history, and pulls toolchain images that the user supplies.</summary>
    /// <exception cref="PipelineException">The options, the manifest and the Dockerfiles do not fit together.</exception>
    public static async Task<RunPlan> CreateAsync(RunOptions options, CancellationToken cancellation)
    {
        var manifest = ManifestReader.Read(options.ManifestFile);
        foreach (var variable in manifest.Ci?.Secrets ?? [])
        {
            options.Mask.AddVariable(variable);
        }
        var (architectures, skipped) = ChooseArchitectures(manifest, options);
        var selection = new ImageSelection(manifest, architectures, options.Only, Platforms.EngineArchitecture);
        var imageIds = new Dictionary<string, string>();
        foreach (var reference in selection.SuppliedImages)
        {
            imageIds[reference] = await SuppliedImage.IdOfAsync(reference, cancellation);
        }
        var history = new SourceHistory(manifest.Directory, manifest.File);
        return new RunPlan(manifest, options.Only, Emulation.Choose(options.Emulated, architectures))
        {
            Architectures = architectures,
            Skipped = skipped,
            Graph = ImageGraph.For(selection, history, reference => imageIds[reference]),
            History = history,
            Server = ServerOf(options, manifest.Repository.Url),
        };
    }

    /// <summary>The repository server that the options name, or else the manifest.</summary>
    public static Uri? ServerOf(RunOptions options, Uri? ofManifest) =>
        options.RepositoryUrl is { Length: > 0 } url ? ParseUrl(url) : ofManifest;

    /// <summary>The dependencies or packages that the run leaves out, with the reason.</summary>
    public IEnumerable<(string Id, string Reason)> SkippedImages(ImageKind kind)
    {
        IEnumerable<(string Name, IReadOnlyList<Architecture> Architectures)> images =
            kind == ImageKind.Dependency
                ? Manifest.Dependencies.Select(dependency => (dependency.Name, dependency.Architectures))
                : Manifest.Packages.Where(package => package.Architecture is null).Select(package => (package.Name, All));
        return from image in images
            where only.Count == 0 || only.Contains(image.Name)
            from skipped in Skipped
            where image.Architectures.Count == 0 || image.Architectures.Contains(skipped.Architecture.Name)
            select ($"{image.Name}/{skipped.Architecture.Name}", skipped.Reason);
    }

    /// <summary>Whether a system of the architecture can install the package.</summary>
    public static bool RunsOn(Architecture system, PackageFile file) =>
        DebFileName.Parse(file.FileName).Architecture is var architecture && (architecture.IsAll || architecture == system);

    static IReadOnlyList<Architecture> All => [];

    static (IReadOnlyList<BuildArchitecture> Chosen, IReadOnlyList<SkippedArchitecture> Skipped) ChooseArchitectures(
        Manifest manifest,
        RunOptions options
    )
    {
        var declared = manifest.Architectures.Select(architecture => architecture.Name.ToString()).ToList();
        if (options.Architectures.FirstOrDefault(name => !declared.Contains(name)) is { } unknown)
        {
            throw new PipelineException(
                $"--architectures: {Path.GetFileName(manifest.File)} has no architecture '{unknown}'; "
                    + NearestWord.Suggestion(MachineNames.ToDebian(unknown) ?? unknown, declared)
            );
        }
        var chosen = new List<BuildArchitecture>();
        var skipped = new List<SkippedArchitecture>();
        foreach (var architecture in manifest.Architectures.Where(architecture => IsChosen(architecture, options)))
        {
            if (MissingImage(manifest, architecture) is not { } variable)
            {
                chosen.Add(architecture);
            }
            else if (options.Architectures.Count == 0)
            {
                skipped.Add(new SkippedArchitecture(architecture, $"no toolchain image, set {variable}"));
            }
            else
            {
                throw new PipelineException(
                    $"--architectures: {architecture.Name} is built by a toolchain image that you supply: set {variable} to its name "
                        + $"in the engine or a registry. It must provide {architecture.Triplet}-gcc; see docs/manifest.md."
                );
            }
        }
        return (chosen, skipped);
    }

    static bool IsChosen(BuildArchitecture architecture, RunOptions options) =>
        options.Architectures.Count > 0
            ? options.Architectures.Contains(architecture.Name.ToString())
            : options.AllArchitectures || architecture.Name == Platforms.EngineArchitecture;

    /// <summary>The unset environment variable that should name the architecture's toolchain image; null if the image is known.</summary>
    static string? MissingImage(Manifest manifest, BuildArchitecture architecture) =>
        manifest.Toolchains.First(toolchain => toolchain.Name == architecture.Toolchain) is Toolchain.Supplied { Reference: null } supplied
            ? supplied.Variable
            : null;

    static Uri ParseUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url!
            : throw new PipelineException($"--repository-url: '{text}' is not an http or https address.");
}
