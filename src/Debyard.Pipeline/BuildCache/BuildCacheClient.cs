using System.Net.Http.Json;
using Debyard.Debian.Digests;
using Debyard.Debian.Names;
using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Repository;
using Debyard.Protocol;

namespace Debyard.Pipeline.BuildCache;

/// <summary>The packages that a build produced, according to a trusted branch.</summary>
public sealed record CachedArtifacts(string Branch, IReadOnlyList<Artifact> Artifacts);

/// <summary>A build to record: its fingerprint and the packages it produced.</summary>
public sealed record FinishedBuild(Fingerprint Fingerprint, IReadOnlyList<PackageFile> Files);

/// <summary>The build cache of a repository server. Queries create no branch and change nothing.</summary>
public sealed class BuildCacheClient(RepositoryAddress address) : IDisposable
{
    readonly RepositoryHttp http = new(address);

    /// <summary>The git ref of the run, whose branch's own builds count too; null: only those of trusted branches do.</summary>
    public string? OwnRef { get; init; }

    /// <summary>The builds of these fingerprints that the cache has; the others are absent from the result.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public async Task<IReadOnlyDictionary<string, CachedArtifacts>> FindAsync(
        IReadOnlyList<string> fingerprints,
        CancellationToken cancellation
    )
    {
        var query = new CachedBuildQuery(fingerprints, OwnRef);
        var answer = await http.SendAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Post, "api/builds")
                {
                    Content = JsonContent.Create(query, ProtocolJson.Default.CachedBuildQuery),
                },
            ProtocolJson.Default.CachedBuildList,
            $"asking for {fingerprints.Count} builds",
            cancellation
        );
        return (answer.Builds ?? [])
            .Where(build => fingerprints.Contains(build.Fingerprint))
            .ToDictionary(
                build => build.Fingerprint,
                build => new CachedArtifacts(build.Branch, [.. build.Files.Select(file => new Artifact(file.Name, DigestsOf(file)))])
            );
    }

    FileDigests DigestsOf(CachedFile file) =>
        Sha256.TryParse(file.Sha256, out var sha256)
            ? new FileDigests(file.Size, file.Md5, file.Sha1, sha256)
            : throw new PipelineException($"{address.Server} sent '{file.Sha256}' as the SHA-256 of {file.Name}, which is not a digest.");

    /// <summary>Records which builds produced files that the branch lists. Builds without files are left out.</summary>
    /// <exception cref="PipelineException">The server does not answer, or refuses.</exception>
    public async Task RecordAsync(string branch, IEnumerable<FinishedBuild> builds, CancellationToken cancellation)
    {
        var recorded = builds
            .Where(build => build.Files.Count > 0)
            .Select(build => new RecordedBuild(
                build.Fingerprint.Value,
                [.. build.Files.Select(file => new RecordedFile(file.FileName, file.Digests.Sha256.ToString()))]
            ))
            .ToList();
        if (recorded.Count == 0)
        {
            return;
        }
        await http.SendAsync(
            () =>
                new HttpRequestMessage(HttpMethod.Post, $"api/branches/{branch}/builds")
                {
                    Content = JsonContent.Create(new RecordBuildsRequest(recorded), ProtocolJson.Default.RecordBuildsRequest),
                },
            ProtocolJson.Default.RecordBuildsAnswer,
            $"recording {recorded.Count} builds for {branch}",
            cancellation
        );
    }

    /// <summary>Downloads a cached package to <paramref name="path"/>.</summary>
    /// <exception cref="PipelineException">The server does not answer, refuses, or sends a file with other digests.</exception>
    public async Task DownloadAsync(string branch, Artifact artifact, string path, CancellationToken cancellation)
    {
        using var response = await http.SendAsync(
            () => new HttpRequestMessage(HttpMethod.Get, address.PathOf(branch, artifact.FileName)),
            $"downloading {artifact.FileName}",
            cancellation
        );
        await using var file = File.Create(path);
        await response.Content.CopyToAsync(file, cancellation);
        file.Position = 0;
        if (await FileDigests.ComputeAsync(file, cancellation) != artifact.Digests)
        {
            throw new PipelineException(
                $"{address.Server} sent {artifact.FileName} with other digests than its build cache has: run again."
            );
        }
    }

    /// <summary>Whether the image can have produced the artifacts: they include its package, and all are for its architecture.</summary>
    public static bool AreArtifactsOf(Image image, IReadOnlyList<Artifact> artifacts) =>
        artifacts.Any(artifact => artifact.FileName == Extraction.PackageOf(image))
        && artifacts.All(artifact =>
            DebFileName.TryParse(artifact.FileName, out var name) && (name.Architecture == image.Architecture || name.Architecture.IsAll)
        );

    public void Dispose() => http.Dispose();
}
