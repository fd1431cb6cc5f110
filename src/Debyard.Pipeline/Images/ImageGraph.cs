using Debyard.Debian.Names;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Packing;

namespace Debyard.Pipeline.Images;

/// <summary>The images of a run, each after all images it is built from.</summary>
public sealed class ImageGraph
{
    readonly Manifest manifest;
    readonly Architecture engine;
    readonly SourceHistory history;
    readonly Func<string, string> imageId;
    readonly Dictionary<(ImageKind, string, Architecture), Image> images = [];
    readonly List<Image> inOrder = [];

    ImageGraph(ImageSelection selection, SourceHistory history, Func<string, string> imageId) =>
        (manifest, engine, this.history, this.imageId) = (selection.Manifest, selection.Engine, history, imageId);

    public IReadOnlyList<Image> Images => inOrder;

    public IEnumerable<Image> Of(params ImageKind[] kinds) => inOrder.Where(image => kinds.Contains(image.Kind));

    /// <param name="selection">What to build; the graph also has all that it is built from.</param>
    /// <param name="history">Where the versions of main packages come from.</param>
    /// <param name="imageId">The engine's id of a toolchain image that the user supplies.</param>
    /// <exception cref="PipelineException">A Dockerfile and the manifest do not fit together.</exception>
    public static ImageGraph For(ImageSelection selection, SourceHistory history, Func<string, string> imageId)
    {
        var graph = new ImageGraph(selection, history, imageId);
        foreach (var (dependency, architecture) in selection.Dependencies)
        {
            graph.Add(dependency, architecture);
        }
        foreach (var (package, architecture) in selection.Packages)
        {
            graph.Add(package, architecture);
        }
        return graph;
    }

    /// <summary>The image of one of the manifest's bases; added to the graph if nothing is built on it.</summary>
    public Image Base(string name) => Base(name, engine);

    /// <summary>The image of one of the manifest's bases for an architecture, which the engine may have to emulate.</summary>
    public Image Base(string name, Architecture architecture) =>
        AddWithoutContext(ImageKind.Base, name, architecture, () => manifest.Bases.First(@base => @base.Name == name));

    Image Add(Dependency dependency, BuildArchitecture architecture) =>
        Add(
            ImageKind.Dependency,
            dependency.Name,
            architecture.Name,
            () =>
            {
                var recipe = new ImageRecipe(
                    dependency.Context,
                    dependency.Arguments,
                    dependency.Context is null
                        ? []
                        : [.. Needs(dependency.Name, dependency.Needs, architecture), ("TOOLCHAIN", Toolchain(architecture))],
                    new Dictionary<string, string>
                    {
                        ["PACKAGE"] = dependency.Name,
                        ["VERSION"] = dependency.Version,
                        ["TRIPLET"] = architecture.Triplet,
                    }
                )
                {
                    Target = architecture,
                    Packing = PackJob.Of(manifest, dependency.Name, dependency.Version, dependency.Pack, architecture, architecture.Name),
                };
                // An image has the time of its sources; a folder has that of its last commit.
                return dependency.Context is null
                    ? recipe.At(history.Of(Draft(ImageKind.Dependency, dependency.Name, architecture.Name, recipe)).Time)
                    : recipe;
            }
        );

    Image Add(MainPackage package, BuildArchitecture architecture)
    {
        List<(string, Image)> parents = package.Context is null
            ? []
            :
            [
                .. Needs(package.Name, package.Needs, architecture),
                package.Base is { } @base
                    ? ("BASE", Base(@base, ArchitectureOfImages(architecture)))
                    : ("TOOLCHAIN", Toolchain(architecture)),
            ];
        return Add(
            ImageKind.Package,
            package.Name,
            package.Architecture ?? architecture.Name,
            () =>
            {
                var recipe = new ImageRecipe(
                    package.Context,
                    package.Arguments,
                    parents,
                    new Dictionary<string, string>
                    {
                        ["PACKAGE"] = package.Name,
                        ["TRIPLET"] = package.Architecture is null ? architecture.Triplet : "",
                    }
                )
                {
                    Target = package.Architecture is null ? architecture : null,
                    Packing = PackJob.Of(
                        manifest,
                        package.Name,
                        package.Version,
                        package.Pack,
                        architecture,
                        package.Architecture ?? architecture.Name
                    ),
                };
                var source = history.Of(Draft(ImageKind.Package, package.Name, package.Architecture ?? architecture.Name, recipe));
                return recipe with
                {
                    OptionalArguments = new Dictionary<string, string>(recipe.OptionalArguments)
                    {
                        ["VERSION"] = source.VersionOf(package.Version),
                        ["SOURCE_DATE_EPOCH"] = source.Epoch,
                    },
                    Packing = recipe.Packing is { } job
                        ? job with
                        {
                            Version = source.VersionOf(package.Version),
                            Time = source.Time,
                        }
                        : null,
                };
            }
        );
    }

    // The engine runs the images in which it builds for an architecture, by emulation or on its own architecture.
    Architecture ArchitectureOfImages(BuildArchitecture architecture) =>
        architecture.Strategy == BuildStrategy.Emulated ? architecture.Name : engine;

    Image Toolchain(BuildArchitecture architecture)
    {
        var runsOn = ArchitectureOfImages(architecture);
        return manifest.Toolchains.First(toolchain => toolchain.Name == architecture.Toolchain) switch
        {
            Toolchain.Built built => Add(
                ImageKind.Toolchain,
                built.Name,
                runsOn,
                () =>
                    new ImageRecipe(built.Context, built.Arguments, [("BASE", Base(built.Base, runsOn))], new Dictionary<string, string>())
            ),
            Toolchain.Supplied { Reference: { } reference } supplied => AddWithoutContext(
                ImageKind.Toolchain,
                supplied.Name,
                runsOn,
                () => new BaseImage.Supplied(supplied.Name, reference, imageId(reference))
            ),
            var missing => throw new PipelineException($"{architecture.Name} has no toolchain image {missing.Name}."),
        };
    }

    IEnumerable<(string Argument, Image Image)> Needs(string name, IReadOnlyList<string> needs, BuildArchitecture architecture)
    {
        foreach (var needed in needs.Select(need => manifest.Dependencies.First(dependency => dependency.Name == need)))
        {
            if (needed.Context is null)
            {
                throw new PipelineException(
                    $"{name} needs {needed.Name}, which is packed from a folder: there is no image to build {name} with."
                );
            }
            if (!needed.IsFor(architecture))
            {
                throw new PipelineException(
                    $"{name} needs {needed.Name}, which the manifest does not build for {architecture.Name}: "
                        + $"add {architecture.Name} to the 'architectures' of {needed.Name}, or remove it from those of {name}."
                );
            }
            var argument = "NEED_" + needed.Name.ToUpperInvariant().Replace('-', '_').Replace('.', '_').Replace('+', '_');
            yield return (argument, Add(needed, architecture));
        }
    }

    Image AddWithoutContext(ImageKind kind, string name, Architecture architecture, Func<BaseImage> describe) =>
        GetOrAdd(
            kind,
            name,
            architecture,
            () =>
                new Image
                {
                    Kind = kind,
                    Name = name,
                    Architecture = architecture,
                    IsEmulated = architecture != engine,
                    Product = manifest.Product,
                    Base = describe(),
                }
        );

    Image Add(ImageKind kind, string name, Architecture architecture, Func<ImageRecipe> describe) =>
        GetOrAdd(kind, name, architecture, () => Draft(kind, name, architecture, describe()));

    // Describing an image adds its parents, so they are before it.
    Image GetOrAdd(ImageKind kind, string name, Architecture architecture, Func<Image> create)
    {
        if (!images.TryGetValue((kind, name, architecture), out var image))
        {
            image = create();
            images.Add((kind, name, architecture), image);
            inOrder.Add(image);
        }
        return image;
    }

    Image Draft(ImageKind kind, string name, Architecture architecture, ImageRecipe recipe)
    {
        var context = recipe.Context is { } folder ? BuildContext.Read(manifest.Directory, folder) : null;
        IReadOnlySet<string> declared = context?.Dockerfile.DeclaredArguments ?? new HashSet<string>();
        if (recipe.ManifestArguments.Keys.FirstOrDefault(argument => !declared.Contains(argument)) is { } undeclared)
        {
            throw new PipelineException(
                $"{name} is given the argument {undeclared}, but {context?.Name ?? "it"}/Dockerfile has no ARG {undeclared}; "
                    + NearestWord.Suggestion(undeclared, [.. declared])
            );
        }
        return new Image
        {
            Kind = kind,
            Name = name,
            Architecture = architecture,
            IsEmulated = kind == ImageKind.Toolchain && architecture != engine,
            Product = manifest.Product,
            Target = recipe.Target,
            Context = context,
            Packing = recipe.Packing,
            Arguments = recipe
                .OptionalArguments.Append(KeyValuePair.Create("ARCHITECTURE", architecture.ToString()))
                .Concat(recipe.ManifestArguments)
                .Where(argument => declared.Contains(argument.Key))
                .GroupBy(argument => argument.Key)
                .ToDictionary(group => group.Key, group => group.Last().Value),
            Parents = recipe
                .Parents.Where(parent => declared.Contains(parent.Argument))
                .ToDictionary(parent => parent.Argument, parent => parent.Image),
        };
    }
}
