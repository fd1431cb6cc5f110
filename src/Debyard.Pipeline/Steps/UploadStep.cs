using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Steps;

/// <summary>Uploads packages to the branch's repository and records their builds in the server's build cache.</summary>
sealed class UploadStep(RunPlan plan, RunArtifacts artifacts, CachedImages cached, RunConnections connections, Action<string> log)
{
    public async Task<UploadSummary> RunAsync(ImageKind kind, CancellationToken cancellation)
    {
        var repository = await connections.RepositoryAsync();
        var uploaded = await repository.UploadAsync(await artifacts.OfAsync(kind, cancellation), log, cancellation);
        await RecordBuildsAsync(repository.Branch, kind, cancellation);
        return uploaded;
    }

    async Task RecordBuildsAsync(string branch, ImageKind kind, CancellationToken cancellation)
    {
        var builds = new List<FinishedBuild>();
        foreach (var image in plan.Graph.Of(kind))
        {
            builds.Add(new FinishedBuild(image.Fingerprint, await artifacts.OfAsync(image, cancellation)));
        }
        await cached.RecordAsync(branch, builds, cancellation);
    }
}
