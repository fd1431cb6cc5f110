using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Builds;

/// <summary>Builds images a second time, without the engine's cache, and compares what comes out with what is kept, byte for byte.</summary>
public sealed class Reproducibility(
    ArtifactStore store,
    ImageBuilds builds,
    Extraction extraction,
    Func<Task<DockerEngine>> engine,
    Action<string> say
)
{
    /// <exception cref="PipelineException">A second build made something else; names each package and what differs in it.</exception>
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
            throw new PipelineException($"A second build made other bytes:\n{string.Join('\n', differences)}");
        }
    }

    async Task<List<string>> DifferencesAsync(Image image, BuildRecord kept, CancellationToken cancellation)
    {
        var again = $"{image.Reference}-again";
        var folder = Directory.CreateTempSubdirectory("debyard-again-").FullName;
        try
        {
            await builds.RebuildAsync(image, again, cancellation);
            var second = await extraction.ReadAsync(image, again, folder, cancellation);
            var differences = kept
                .Artifacts.Select(artifact => artifact.FileName)
                .Except(second.Select(artifact => artifact.FileName))
                .Select(missing => $"{image.Id}: {missing} came out of the first build only")
                .ToList();
            foreach (var artifact in second)
            {
                if (kept.Artifacts.FirstOrDefault(each => each.FileName == artifact.FileName) is not { } first)
                {
                    differences.Add($"{image.Id}: {artifact.FileName} came out of the second build only");
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
                say($"{image.Id} is reproducible: a second build made the same bytes");
            }
            return differences;
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
            await (await engine()).RemoveImageAsync(again);
        }
    }
}
