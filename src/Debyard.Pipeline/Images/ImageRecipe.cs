using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Packing;

namespace Debyard.Pipeline.Images;

/// <summary>How the manifest wants an image built. The Dockerfile then declares which of the arguments and parents it takes.</summary>
/// <param name="ManifestArguments">Arguments that the manifest sets; the Dockerfile must declare each of them.</param>
/// <param name="Parents">Images, by the build argument that passes them on.</param>
/// <param name="OptionalArguments">Arguments that the Dockerfile may declare.</param>
sealed record ImageRecipe(
    string? Context,
    IReadOnlyDictionary<string, string> ManifestArguments,
    IReadOnlyList<(string Argument, Image Image)> Parents,
    IReadOnlyDictionary<string, string> OptionalArguments
)
{
    public BuildArchitecture? Target { get; init; }

    /// <summary>How the package is made; null: the image makes it.</summary>
    public PackJob? Packing { get; init; }

    /// <summary>The same recipe with a time for what is packed.</summary>
    public ImageRecipe At(DateTimeOffset time) => this with { Packing = Packing is null ? null : Packing with { Time = time } };
}
