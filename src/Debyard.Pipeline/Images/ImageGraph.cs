using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Images;

/// <summary>The images of a run, each after everything it is built from.</summary>
public sealed class ImageGraph
{
    readonly Manifest manifest;
    readonly Architecture engine;
    readonly SourceHistory history;
    readonly Func<string, string> idOf;
    readonly Dictionary<(ImageKind, string, Architecture), Image> images = [];
    readonly List<Image> inOrder = [];

    ImageGraph(Manifest manifest, Architecture engine, SourceHistory history, Func<string, string> idOf) =>
        (this.manifest, this.engine, this.history, this.idOf) = (manifest, engine, history, idOf);

    public IReadOnlyList<Image> Images => inOrder;

    public IEnumerable<Image> Of(params ImageKind[] kinds) => inOrder.Where(image => kinds.Contains(image.Kind));

    /// <param name="manifest">What may be built.</param>
    /// <param name="architectures">What to build for; each is one of the manifest's.</param>
    /// <param name="only">Dependencies and packages to build, with all they need; empty: all.</param>
    /// <param name="engine">The engine's own architecture.</param>
    /// <param name="history">Gives main packages their version.</param>
    /// <param name="idOf">The engine's id of an image that the user supplies.</param>
    /// <exception cref="PipelineException">A name is not in the manifest, or a Dockerfile and the manifest disagree.</exception>
    public static ImageGraph For(
        Manifest manifest,
        IReadOnlyList<BuildArchitecture> architectures,
        IReadOnlyList<string> only,
        Architecture engine,
        SourceHistory history,
        Func<string, string> idOf
    )
    {
        var known = manifest.Dependencies.Select(each => each.Name).Concat(manifest.Packages.Select(each => each.Name)).ToList();
        if (only.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new PipelineException($"--only: there is no dependency or package '{unknown}'; {NearestWord.Suggestion(unknown, known)}");
        }

        bool Chosen(string name) => only.Count == 0 || only.Contains(name);
        var graph = new ImageGraph(manifest, engine, history, idOf);
        foreach (var architecture in architectures)
        {
            foreach (var dependency in manifest.Dependencies.Where(each => Chosen(each.Name) && IsFor(each, architecture)))
            {
                graph.Add(dependency, architecture);
            }
        }
        foreach (var package in manifest.Packages.Where(each => Chosen(each.Name)))
        {
            foreach (var architecture in package.Architecture is null ? architectures : [graph.ArchitectureForAll])
            {
                graph.Add(package, architecture);
            }
        }
        return graph;
    }

    // What is the same for all architectures is built, and tries out what it needs, on the engine's own.
    BuildArchitecture ArchitectureForAll =>
        manifest.Architectures.FirstOrDefault(each => each.Name == engine)
        ?? manifest.Architectures.FirstOrDefault(each => each.Strategy == BuildStrategy.Native)
        ?? throw new PipelineException($"{Path.GetFileName(manifest.File)} has no native architecture to build packages for 'all' with.");

    static bool IsFor(Dependency dependency, BuildArchitecture architecture) =>
        dependency.Architectures.Count == 0 || dependency.Architectures.Contains(architecture.Name);

    Image Add(Dependency dependency, BuildArchitecture architecture) =>
        Add(
            ImageKind.Dependency,
            dependency.Name,
            architecture.Name,
            () =>
                new Built(
                    dependency.Context,
                    dependency.Arguments,
                    Needs(dependency.Name, dependency.Needs, architecture).Append(("TOOLCHAIN", Toolchain(architecture))),
                    new()
                    {
                        ["PACKAGE"] = dependency.Name,
                        ["VERSION"] = dependency.Version,
                        ["TRIPLET"] = architecture.Triplet,
                    }
                )
                {
                    Target = architecture,
                }
        );

    Image Add(MainPackage package, BuildArchitecture architecture)
    {
        var parents = Needs(package.Name, package.Needs, architecture)
            .Append(package.Base is { } @base ? ("BASE", Base(@base, Runs(architecture))) : ("TOOLCHAIN", Toolchain(architecture)));
        var target = package.Architecture ?? architecture.Name;
        return Add(
            ImageKind.Package,
            package.Name,
            target,
            () =>
            {
                var built = new Built(
                    package.Context,
                    package.Arguments,
                    parents,
                    new() { ["PACKAGE"] = package.Name, ["TRIPLET"] = package.Architecture is null ? architecture.Triplet : "" }
                )
                {
                    Target = package.Architecture is null ? architecture : null,
                };
                var source = history.Of(Draft(ImageKind.Package, package.Name, target, built));
                built.Offered["VERSION"] = source.VersionOf(package.Version);
                built.Offered["SOURCE_DATE_EPOCH"] = source.Epoch;
                return built;
            }
        );
    }

    // What an architecture is built in runs on the engine's own, but for an emulated one.
    Architecture Runs(BuildArchitecture architecture) => architecture.Strategy == BuildStrategy.Emulated ? architecture.Name : engine;

    Image Toolchain(BuildArchitecture architecture) =>
        manifest.Toolchains.First(each => each.Name == architecture.Toolchain) switch
        {
            Toolchain.Built built => Add(
                ImageKind.Toolchain,
                built.Name,
                Runs(architecture),
                () => new Built(built.Context, built.Arguments, [("BASE", Base(built.Base, Runs(architecture)))], [])
            ),
            Toolchain.Supplied { Reference: { } reference } supplied => Add(
                ImageKind.Toolchain,
                supplied.Name,
                Runs(architecture),
                () => new BaseImage.Supplied(supplied.Name, reference, idOf(reference))
            ),
            var missing => throw new PipelineException($"{architecture.Name} has no toolchain image {missing.Name}."),
        };

    /// <summary>The image of a base of the manifest: what validation starts from, whether or not anything is built on it.</summary>
    public Image Base(string name) => Base(name, engine);

    Image Base(string name, Architecture runs) => Add(ImageKind.Base, name, runs, () => manifest.Bases.First(each => each.Name == name));

    Image Add(ImageKind kind, string name, Architecture architecture, Func<BaseImage> describe)
    {
        if (images.TryGetValue((kind, name, architecture), out var image))
        {
            return image;
        }
        image = new Image
        {
            Kind = kind,
            Name = name,
            Architecture = architecture,
            IsEmulated = architecture != engine,
            Product = manifest.Product,
            Base = describe(),
        };
        images.Add((kind, name, architecture), image);
        inOrder.Add(image);
        return image;
    }

    IEnumerable<(string Argument, Image Image)> Needs(string name, IReadOnlyList<string> needs, BuildArchitecture architecture)
    {
        foreach (var need in needs.Select(need => manifest.Dependencies.First(each => each.Name == need)))
        {
            if (!IsFor(need, architecture))
            {
                throw new PipelineException(
                    $"{name} needs {need.Name}, which the manifest does not build for {architecture.Name}: add {architecture.Name} to its 'architectures', or take it from {name}'s."
                );
            }
            var argument = "NEED_" + need.Name.ToUpperInvariant().Replace('-', '_').Replace('.', '_').Replace('+', '_');
            yield return (argument, Add(need, architecture));
        }
    }

    Image Add(ImageKind kind, string name, Architecture architecture, Func<Built> describe)
    {
        if (images.TryGetValue((kind, name, architecture), out var image))
        {
            return image;
        }
        image = Draft(kind, name, architecture, describe());
        images.Add((kind, name, architecture), image);
        inOrder.Add(image);
        return image;
    }

    Image Draft(ImageKind kind, string name, Architecture architecture, Built built)
    {
        var context = BuildContext.Read(manifest.Directory, built.Context);
        var declared = context.Dockerfile.DeclaredArguments;
        if (built.FromManifest.Keys.FirstOrDefault(argument => !declared.Contains(argument)) is { } undeclared)
        {
            throw new PipelineException(
                $"{name} is given the argument {undeclared}, but {context.Name}/Dockerfile has no ARG {undeclared}; {NearestWord.Suggestion(undeclared, [.. declared])}"
            );
        }
        built.Offered["ARCHITECTURE"] = architecture.ToString();
        return new Image
        {
            Kind = kind,
            Name = name,
            Architecture = architecture,
            IsEmulated = kind == ImageKind.Toolchain && architecture != engine,
            Product = manifest.Product,
            Target = built.Target,
            Context = context,
            Arguments = built
                .Offered.Concat(built.FromManifest)
                .Where(each => declared.Contains(each.Key))
                .GroupBy(each => each.Key)
                .ToDictionary(group => group.Key, group => group.Last().Value),
            Parents = built.Parents.Where(each => declared.Contains(each.Argument)).ToDictionary(each => each.Argument, each => each.Image),
        };
    }

    /// <summary>What an image is built with, before the Dockerfile says which of it it takes.</summary>
    sealed class Built(
        string context,
        IReadOnlyDictionary<string, string> fromManifest,
        IEnumerable<(string Argument, Image Image)> parents,
        Dictionary<string, string> offered
    )
    {
        public string Context => context;
        public IReadOnlyDictionary<string, string> FromManifest => fromManifest;
        public IReadOnlyList<(string Argument, Image Image)> Parents { get; } = [.. parents];
        public Dictionary<string, string> Offered => offered;
        public BuildArchitecture? Target { get; init; }
    }
}
