using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Builds;

/// <summary>Builds images a second time without cache, and compares the packages with the kept ones byte for byte.</summary>
public sealed class Reproducibility(
    ArtifactStore store,
    ImageBuilds builds,
    Extraction extraction,
    Func<Task<DockerEngine>> engine,
    Action<string> log
)
{
    /// <exception cref="PipelineException">The second build differs; the message names each package and its differences.</exception>
    public async Task VerifyAsync(IEnumerable<Image> images, CancellationToken cancellation)
    {
        var differences = new List<string>();
        foreach (var image in images)
        {
            if (store.Find(image) is { } kept)
            {
                differences.AddRange(await DifferencesAsync(image, kept, cancellation));
            }
        }
        if (differences.Count > 0)
        {
            throw new PipelineException(
                $"Not reproducible, the second build produced different packages:\n{string.Join('\n', differences)}"
            );
        }
    }

    async Task<List<string>> DifferencesAsync(Image image, BuildRecord kept, CancellationToken cancellation)
    {
        var reference = $"{image.Reference}-again";
        var folder = Directory.CreateTempSubdirectory("debyard-again-").FullName;
        try
        {
            await builds.RebuildAsync(image, reference, cancellation);
            var second = await extraction.ReadAsync(image, reference, folder, cancellation);
            var differences = kept
                .Artifacts.Select(artifact => artifact.FileName)
                .Except(second.Select(artifact => artifact.FileName))
                .Select(missing => $"{image.Id}: only the first build produced {missing}")
                .ToList();
            foreach (var artifact in second)
            {
                if (kept.Artifacts.FirstOrDefault(other => other.FileName == artifact.FileName) is not { } first)
                {
                    differences.Add($"{image.Id}: only the second build produced {artifact.FileName}");
                }
                else if (first.Digests != artifact.Digests)
                {
                    var found = await PackageComparison.OfAsync(
                        store.PathOf(image, first),
                        Path.Combine(folder, artifact.FileName),
                        cancellation
                    );
                    differences.AddRange(found.Select(difference => $"{image.Id}: {artifact.FileName}: {difference}"));
                }
            }
            if (differences.Count == 0)
            {
                log($"{image.Id} is reproducible: the second build produced the same bytes");
            }
            return differences;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await (await engine()).RemoveImageAsync(reference);
        }
    }
}
