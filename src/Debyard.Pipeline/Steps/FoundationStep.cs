using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Steps;

/// <summary>Builds base and toolchain images.</summary>
sealed class FoundationStep(RunPlan plan, ArtifactStore store, CachedImages cached, BuildStep build, Action<string> log)
{
    /// <param name="all">False: only the foundations of images that the run will build.</param>
    public async Task RunAsync(bool all, CancellationToken cancellation)
    {
        await cached.QueryAsync(plan.Graph.Images, cancellation);
        var needed = plan
            .Graph.Of(ImageKind.Dependency, ImageKind.Package)
            .Where(image => store.Find(image) is null && cached.Find(image) is null)
            .SelectMany(FoundationsOf)
            .ToHashSet();
        var foundations = plan.Graph.Of(ImageKind.Base, ImageKind.Toolchain).ToLookup(image => all || needed.Contains(image));
        foreach (var idle in foundations[false])
        {
            log($"{idle.Id} unchanged ({idle.Fingerprint.Brief}), no image to build needs it");
        }
        await build.BuildAsync([.. foundations[true]], cancellation);
    }

    static IEnumerable<Image> FoundationsOf(Image image) =>
        image.Parents.Values.SelectMany(parent => FoundationsOf(parent).Concat(parent.HasArtifacts ? [] : [parent]));
}
