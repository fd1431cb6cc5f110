using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Images;

/// <summary>Which dependencies and packages of a manifest to build, and for which architectures.</summary>
public sealed class ImageSelection
{
    readonly IReadOnlyList<BuildArchitecture> architectures;
    readonly IReadOnlyList<string> only;

    /// <param name="manifest">The manifest to select from.</param>
    /// <param name="architectures">Architectures of the manifest.</param>
    /// <param name="only">Names of dependencies and packages; empty: all.</param>
    /// <param name="engine">The engine's architecture.</param>
    /// <exception cref="PipelineException">A name is not in the manifest.</exception>
    public ImageSelection(
        Manifest manifest,
        IReadOnlyList<BuildArchitecture> architectures,
        IReadOnlyList<string> only,
        Architecture engine
    )
    {
        (Manifest, this.architectures, this.only, Engine) = (manifest, architectures, only, engine);
        var names = manifest
            .Dependencies.Select(dependency => dependency.Name)
            .Concat(manifest.Packages.Select(package => package.Name))
            .ToList();
        if (only.FirstOrDefault(name => !names.Contains(name)) is { } unknown)
        {
            throw new PipelineException($"--only: there is no dependency or package '{unknown}'; {NearestWord.Suggestion(unknown, names)}");
        }
    }

    public Manifest Manifest { get; }

    public Architecture Engine { get; }

    public IEnumerable<(Dependency Dependency, BuildArchitecture Architecture)> Dependencies =>
        from architecture in architectures
        from dependency in Manifest.Dependencies
        where IsChosen(dependency.Name) && dependency.IsFor(architecture)
        select (dependency, architecture);

    public IEnumerable<(MainPackage Package, BuildArchitecture Architecture)> Packages =>
        from package in Manifest.Packages
        where IsChosen(package.Name)
        from architecture in package switch
        {
            { Architecture: null } => architectures,
            // Nothing is built for a folder: only the name counts.
            { Architecture: { } name, Context: null } => [new BuildArchitecture(name, BuildStrategy.Native, "", "")],
            _ => [ArchitectureForAll],
        }
        select (package, architecture);

    /// <summary>The toolchain images that the user supplies and the selection is built with, as references for the engine.</summary>
    public IEnumerable<string> SuppliedImages =>
        Dependencies
            .Where(selected => selected.Dependency.Context is not null)
            .Select(selected => selected.Architecture)
            .Concat(
                Packages
                    .Where(selected =>
                        selected.Package is { Context: not null } package && (package.Base is null || package.Needs.Count > 0)
                    )
                    .Select(selected => selected.Architecture)
            )
            .Select(architecture => Manifest.Toolchains.First(toolchain => toolchain.Name == architecture.Toolchain))
            .OfType<Toolchain.Supplied>()
            .Select(toolchain => toolchain.Reference)
            .OfType<string>()
            .Distinct();

    // Packages for "all" are built on the engine's own architecture, with the dependencies built for it.
    BuildArchitecture ArchitectureForAll =>
        Manifest.Architectures.FirstOrDefault(architecture => architecture.Name == Engine)
        ?? Manifest.Architectures.FirstOrDefault(architecture => architecture.Strategy == BuildStrategy.Native)
        ?? throw new PipelineException($"{Path.GetFileName(Manifest.File)} has no native architecture to build packages for 'all' with.");

    bool IsChosen(string name) => only.Count == 0 || only.Contains(name);
}
