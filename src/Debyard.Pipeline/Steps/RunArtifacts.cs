using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation;

namespace Debyard.Pipeline.Steps;

/// <summary>The packages of a run: those that the server's build cache has stay there, the others are extracted.</summary>
sealed class RunArtifacts(RunPlan plan, ArtifactStore store, CachedImages cached, Extraction extraction)
{
    /// <summary>The packages of all images of a kind, each file name once.</summary>
    /// <exception cref="PipelineException">Two images produce different packages of the same name.</exception>
    public async Task<IReadOnlyList<PackageFile>> OfAsync(ImageKind kind, CancellationToken cancellation)
    {
        var files = new List<PackageFile>();
        foreach (var image in plan.Graph.Of(kind))
        {
            files.AddRange(await OfAsync(image, cancellation));
        }
        return [.. files.GroupBy(file => file.FileName).Select(Single)];
    }

    public async Task<IReadOnlyList<PackageFile>> OfAsync(Image image, CancellationToken cancellation) =>
        cached.Find(image) is { } build
            ? [.. build.Artifacts.Select(artifact => new PackageFile(null, artifact.FileName, artifact.Digests))]
            :
            [
                .. (await extraction.ExtractAsync(image, cancellation)).Artifacts.Select(artifact => new PackageFile(
                    store.PathOf(image, artifact),
                    artifact.FileName,
                    artifact.Digests
                )),
            ];

    /// <summary>What <c>Validate</c> installs, for each architecture that it runs; none if the manifest has no validation.</summary>
    public async Task<IReadOnlyList<Candidate>> CandidatesAsync(CancellationToken cancellation)
    {
        if (plan.Manifest.Validation is not { } validation)
        {
            return [];
        }
        var packages = await OfAsync(ImageKind.Package, cancellation);
        var dependencies = await OfAsync(ImageKind.Dependency, cancellation);
        return
        [
            .. from architecture in plan.ValidatedArchitectures
            let ours = packages.Where(file => RunPlan.RunsOn(architecture, file)).ToList()
            where ours.Count > 0
            select new Candidate(
                plan.Manifest,
                ours,
                [.. dependencies.Where(file => RunPlan.RunsOn(architecture, file))],
                plan.Graph.Base(validation.Base, architecture)
            ),
        ];
    }

    // Images for several architectures may each produce the same package for "all".
    static PackageFile Single(IGrouping<string, PackageFile> files) =>
        files.Select(file => file.Digests.Sha256).Distinct().Count() == 1
            ? files.First()
            : throw new PipelineException(
                $"{files.Key} is produced by {files.Count()} images with different content: "
                    + $"{string.Join(", ", files.Select(file => file.Path ?? "the server's build cache"))}. "
                    + "Build it in only one of them, or give one another name."
            );
}
