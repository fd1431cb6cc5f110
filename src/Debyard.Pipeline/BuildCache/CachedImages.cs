using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.BuildCache;

/// <summary>
/// Images that need not be built, because the repository server has what they make. Asked for once a run, and only what this
/// workspace lacks; a server that cannot be asked costs a warning and the builds.
/// </summary>
public sealed class CachedImages(BuildCacheClient? server, ArtifactStore store, Action<string> say, Action<string> warn)
{
    readonly Dictionary<Image, CachedBuild> cached = [];
    bool isAsked;

    public CachedBuild? Find(Image image) => cached.GetValueOrDefault(image);

    public async Task AskAsync(IEnumerable<Image> images, CancellationToken cancellation)
    {
        var lacking = images.Where(image => image.HasArtifacts && store.Find(image) is null).ToList();
        if (server is null || isAsked || lacking.Count == 0)
        {
            return;
        }
        isAsked = true;
        foreach (var (fingerprint, build) in await TryFindAsync([.. lacking.Select(image => image.Fingerprint.Value)], cancellation))
        {
            var image = lacking.First(each => each.Fingerprint.Value == fingerprint);
            if (BuildCacheClient.AreArtifactsOf(image, build.Artifacts))
            {
                cached[image] = build;
                say($"{image.Id} known to the server, built for {build.Branch} ({image.Fingerprint.Brief})");
            }
        }
    }

    /// <summary>The branch that vouches for exactly these files under a fingerprint that is no image's; null where none does.</summary>
    public async Task<string?> FindTrustedBranchAsync(
        Fingerprint fingerprint,
        IReadOnlyList<PackageFile> files,
        CancellationToken cancellation
    ) =>
        (await TryFindAsync([fingerprint.Value], cancellation)).TryGetValue(fingerprint.Value, out var build)
        && build
            .Artifacts.Select(artifact => artifact.Digests.Sha256)
            .Order()
            .SequenceEqual(files.Select(file => file.Digests.Sha256).Order())
            ? build.Branch
            : null;

    /// <summary>Brings a known image's packages here, to be worked with.</summary>
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

    /// <summary>Tells the server what was built, for the next run that lacks it. That this fails is no reason for the run to.</summary>
    public async Task RecordAsync(
        string branch,
        IEnumerable<(string Fingerprint, IReadOnlyList<PackageFile> Files)> builds,
        CancellationToken cancellation
    )
    {
        try
        {
            await (server?.RecordAsync(branch, builds, cancellation) ?? Task.CompletedTask);
        }
        catch (PipelineException exception)
        {
            warn($"The server does not remember what was built: {exception.Message}");
        }
    }

    async Task<IReadOnlyDictionary<string, CachedBuild>> TryFindAsync(IReadOnlyList<string> fingerprints, CancellationToken cancellation)
    {
        try
        {
            return server is null ? new Dictionary<string, CachedBuild>() : await server.FindAsync(fingerprints, cancellation);
        }
        catch (PipelineException exception)
        {
            warn($"The server cannot say what it knows, so it is built: {exception.Message}");
            return new Dictionary<string, CachedBuild>();
        }
    }
}
