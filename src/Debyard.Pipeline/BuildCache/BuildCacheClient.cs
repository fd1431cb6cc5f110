using System.Net.Http.Json;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;
using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;
using Debyard.Protocol;

namespace Debyard.Pipeline.BuildCache;

/// <summary>What a build made, by the word of a branch that may vouch for it.</summary>
public sealed record CachedBuild(string Branch, IReadOnlyList<Artifact> Artifacts);

/// <summary>
/// What a repository server knows of builds by their fingerprint. Asking makes no branch and changes nothing.
/// </summary>
public sealed class BuildCacheClient(RepositoryAddress place) : IDisposable
{
    readonly HttpClient http = RepositoryClient.Connect(place);

    /// <summary>Those of the fingerprints that the server knows.</summary>
    /// <exception cref="PipelineException">The server is down, or has no such knowledge.</exception>
    public async Task<IReadOnlyDictionary<string, CachedBuild>> FindAsync(
        IReadOnlyList<string> fingerprints,
        CancellationToken cancellation
    )
    {
        using var response = await RepositoryClient.SendAsync(
            http,
            () =>
                new HttpRequestMessage(HttpMethod.Post, "api/builds")
                {
                    Content = JsonContent.Create(new CachedBuildQuery(fingerprints), ProtocolJson.Default.CachedBuildQuery),
                },
            cancellation
        );
        var answer = await RepositoryClient.ReadAsync(
            response,
            ProtocolJson.Default.CachedBuildList,
            $"asking for {fingerprints.Count} builds",
            cancellation
        );
        return (answer.Builds ?? [])
            .Where(build => fingerprints.Contains(build.Fingerprint))
            .ToDictionary(
                build => build.Fingerprint,
                build => new CachedBuild(
                    build.Branch,
                    [.. build.Files.Select(file => new Artifact(file.Name, new FileDigests(file.Size, file.Md5, file.Sha1, file.Sha256)))]
                )
            );
    }

    /// <summary>Says of files that the branch lists which fingerprints' builds made them.</summary>
    /// <exception cref="PipelineException">The server is down, or refuses.</exception>
    public async Task RecordAsync(
        string branch,
        IEnumerable<(string Fingerprint, IReadOnlyList<PackageFile> Files)> builds,
        CancellationToken cancellation
    )
    {
        var recorded = builds
            .Where(build => build.Files.Count > 0)
            .Select(build => new RecordedBuild(
                build.Fingerprint,
                [.. build.Files.Select(file => new RecordedFile(file.FileName, file.Digests.Sha256))]
            ))
            .ToList();
        if (recorded.Count == 0)
        {
            return;
        }
        using var response = await RepositoryClient.SendAsync(
            http,
            () =>
                new HttpRequestMessage(HttpMethod.Post, $"api/branches/{branch}/builds")
                {
                    Content = JsonContent.Create(new RecordBuildsRequest(recorded), ProtocolJson.Default.RecordBuildsRequest),
                },
            cancellation
        );
        await RepositoryClient.ReadAsync(
            response,
            ProtocolJson.Default.RecordBuildsAnswer,
            $"recording {recorded.Count} builds for {branch}",
            cancellation
        );
    }

    /// <summary>Fetches a known file.</summary>
    /// <exception cref="PipelineException">The server is down, or what it sends are other bytes.</exception>
    public async Task DownloadAsync(string branch, Artifact artifact, string path, CancellationToken cancellation)
    {
        var address =
            $"{branch}/{Uri.EscapeDataString(artifact.FileName)}?suite={Uri.EscapeDataString(place.Suite)}&component={Uri.EscapeDataString(place.Component)}";
        using var response = await RepositoryClient.SendAsync(http, () => new HttpRequestMessage(HttpMethod.Get, address), cancellation);
        await RepositoryClient.RefuseFailureAsync(response, $"fetching {artifact.FileName}", cancellation);
        await using var file = File.Create(path);
        await response.Content.CopyToAsync(file, cancellation);
        file.Position = 0;
        if (await FileDigests.ComputeAsync(file, cancellation) != artifact.Digests)
        {
            throw new PipelineException($"{place.Server} sent other bytes for {artifact.FileName} than it had named: run again.");
        }
    }

    /// <summary>True where the artifacts could have come out of the image: its package is among them, and all are for its architecture.</summary>
    public static bool AreArtifactsOf(Image image, IReadOnlyList<Artifact> artifacts) =>
        artifacts.Any(artifact => artifact.FileName == Extraction.PackageOf(image))
        && artifacts.All(artifact =>
            DebFileName.TryParse(artifact.FileName, out var name) && (name.Architecture == image.Architecture || name.Architecture.IsAll)
        );

    public void Dispose() => http.Dispose();
}
