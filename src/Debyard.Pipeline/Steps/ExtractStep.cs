using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Steps;

/// <summary>Extracts the packages of dependency or package images and checks them.</summary>
/// <param name="reproducibility">Builds each image again and compares; null if that is not asked for.</param>
sealed class ExtractStep(RunPlan plan, CachedImages cached, ImageBuilds builds, Extraction extraction, Reproducibility? reproducibility)
{
    public async Task RunAsync(ImageKind kind, CancellationToken cancellation)
    {
        await ExtractAsync([.. plan.Graph.Of(kind).Where(image => cached.Find(image) is null)], [], cancellation);
        if (reproducibility is not null)
        {
            await reproducibility.VerifyAsync(plan.Graph.Of(kind), cancellation);
        }
    }

    /// <summary>Extracts the packages of each image, even if another image fails.</summary>
    /// <param name="images">The images to extract from.</param>
    /// <param name="failures">Earlier failures to report together with those of the extraction.</param>
    /// <param name="cancellation">Cancels the extraction.</param>
    /// <exception cref="PipelineException">There were failures, earlier ones or new ones.</exception>
    public async Task ExtractAsync(IReadOnlyList<Image> images, List<PipelineException> failures, CancellationToken cancellation)
    {
        foreach (var image in images)
        {
            try
            {
                await extraction.ExtractAsync(image, cancellation);
            }
            catch (PipelineException failure)
            {
                builds.Summary.Add(ImageOutcome.Failed(image, failure));
                failures.Add(failure);
            }
            catch (Exception exception) when (DockerEngine.Explain(exception) is { } explanation)
            {
                failures.Add(new PipelineException(explanation, exception));
                break;
            }
        }
        if (failures.Count > 0)
        {
            builds.LogSummary();
            throw failures.Count == 1
                ? failures[0]
                : new PipelineException(string.Join("\n\n", failures.Select(failure => failure.Message)), new AggregateException(failures));
        }
    }
}
