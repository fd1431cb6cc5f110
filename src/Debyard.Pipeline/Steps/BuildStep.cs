using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Steps;

/// <summary>Builds the dependency or package images that neither the workspace nor the server's build cache has.</summary>
sealed class BuildStep(RunPlan plan, CachedImages cached, ImageBuilds builds, ExtractStep extract, Action<string> log)
{
    public async Task RunAsync(ImageKind kind, CancellationToken cancellation)
    {
        foreach (var (id, reason) in plan.SkippedImages(kind))
        {
            log($"{id} skipped: {reason}");
            builds.Summary.AddSkipped(id, reason);
        }
        await cached.QueryAsync(plan.Graph.Images, cancellation);
        foreach (var image in plan.Graph.Of(kind))
        {
            if (cached.Find(image) is { } build)
            {
                builds.Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Cached, $"built for {build.Branch}"));
            }
        }
        await BuildAsync([.. plan.Graph.Of(kind).Where(image => cached.Find(image) is null)], cancellation);
    }

    /// <summary>Builds these images; after a failure, extracts the packages of those that were built before it fails.</summary>
    public async Task BuildAsync(IReadOnlyList<Image> images, CancellationToken cancellation)
    {
        try
        {
            await builds.BuildAsync(images, cancellation);
        }
        catch (PipelineException failure)
        {
            // By the next run the engine may have been pruned.
            await extract.ExtractAsync([.. images.Where(image => image.HasArtifacts && builds.HasBuilt(image))], [failure], cancellation);
        }
    }
}
