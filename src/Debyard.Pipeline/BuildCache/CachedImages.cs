using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.BuildCache;

/// <summary>
/// The images that need no build because the server's build cache has their packages. A run queries it once, for the images that
/// this workspace lacks. If the server does not answer, the run warns and builds them.
/// </summary>
/// <param name="server">Null: nothing is cached.</param>
public sealed class CachedImages(BuildCacheClient? server, ArtifactStore store, Action<string> log, Action<string> warn)
{
    readonly Dictionary<Image, CachedArtifacts> cached = [];
    bool isQueried;

    public CachedArtifacts? Find(Image image) => cached.GetValueOrDefault(image);

    public async Task QueryAsync(IEnumerable<Image> images, CancellationToken cancellation)
    {
        var missing = images.Where(image => image.HasArtifacts && store.Find(image) is null).ToList();
        if (server is null || isQueried || missing.Count == 0)
        {
            return;
        }
        isQueried = true;
        foreach (var (fingerprint, build) in await TryFindAsync([.. missing.Select(image => image.Fingerprint.Value)], cancellation))
        {
            var image = missing.First(image => image.Fingerprint.Value == fingerprint);
            if (BuildCacheClient.AreArtifactsOf(image, build.Artifacts))
            {
                cached[image] = build;
                log($"{image.Id} cached on the server, built for {build.Branch} ({image.Fingerprint.Brief})");
            }
        }
    }

    /// <summary>Downloads the packages of a cached image into the workspace.</summary>
    public async Task FetchAsync(Image image, CancellationToken cancellation)
    {
        if (cached.Remove(image, out var build))
        {
            await store.KeepAsync(
                image,
                async folder =>
                {
                    foreach (var artifact in build.Artifacts)
                    {
                        await server!.DownloadAsync(build.Branch, artifact, Path.Combine(folder, artifact.FileName), cancellation);
                    }
                    return build.Artifacts;
                }
            );
        }
    }

    /// <summary>Records builds for later runs on other machines. A failure is only a warning.</summary>
    public async Task RecordAsync(string branch, IEnumerable<FinishedBuild> builds, CancellationToken cancellation)
    {
        try
        {
            await (server?.RecordAsync(branch, builds, cancellation) ?? Task.CompletedTask);
        }
        catch (PipelineException exception)
        {
            warn($"Cannot record the builds in the server's build cache: {exception.Message}");
        }
    }

    async Task<IReadOnlyDictionary<string, CachedArtifacts>> TryFindAsync(
        IReadOnlyList<string> fingerprints,
        CancellationToken cancellation
    )
    {
        try
        {
            return server is null ? new Dictionary<string, CachedArtifacts>() : await server.FindAsync(fingerprints, cancellation);
        }
        catch (PipelineException exception)
        {
            warn($"Cannot query the server's build cache, continuing without it: {exception.Message}");
            return new Dictionary<string, CachedArtifacts>();
        }
    }
}
