using Debyard.Debian.Names;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.BuildCache;
using Debyard.Repository.Identity;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>What builds made, by fingerprint: a branch claims it, everybody asks.</summary>
sealed class BuildCacheEndpoints(RepositoryRoot repository)
{
    const int MostFingerprints = 10_000;

    readonly BuildCacheStore cache = new(repository);

    public void Map(WebApplication app)
    {
        app.MapPost("/api/builds", Handler.Of(FindAsync)).Requires(Permission.Identified);
        app.MapPost("/api/branches/{branch}/builds", Handler.Of(RecordAsync)).Requires(Permission.Write);
    }

    async Task<IResult> FindAsync(HttpContext http)
    {
        var asked = (await http.ReadAsync(ProtocolJson.Default.CachedBuildQuery))?.Fingerprints ?? [];
        if (asked.Count > MostFingerprints)
            throw new BadHttpRequestException(
                $"{asked.Count} fingerprints are too many for one request: ask for at most {MostFingerprints}."
            );
        var known = new List<CachedBuildEntry>();
        foreach (var fingerprint in asked.Select(each => each ?? "").Distinct())
            if (await cache.FindAsync(fingerprint, name => http.CallerContext().MayReadAsync(repository, name)) is { } build)
                known.Add(
                    new CachedBuildEntry(
                        fingerprint,
                        build.Branch.Value,
                        [
                            .. build.Files.Select(file => new CachedFile(
                                file.FileName.ToString(),
                                file.Digests.Size,
                                file.Digests.Md5,
                                file.Digests.Sha1,
                                file.Digests.Sha256
                            )),
                        ]
                    )
                );
        return TypedResults.Json(new CachedBuildList(known), ProtocolJson.Default.CachedBuildList);
    }

    async Task<IResult> RecordAsync(HttpContext http)
    {
        if (!BranchName.TryParse(http.Route("branch"), out var name) || await repository.BranchAsync(name) is not { Exists: true } branch)
            return Answers.Problem(404, $"There is no branch {http.Route("branch")}.");
        var builds = (await http.ReadAsync(ProtocolJson.Default.RecordBuildsRequest))?.Builds ?? [];
        foreach (var build in builds)
            cache.Record(
                branch,
                build?.Fingerprint ?? "",
                [.. (build?.Files ?? []).Select(file => new BuiltFile(DebFileName.Parse(file?.Name ?? ""), file?.Sha256 ?? ""))]
            );
        return TypedResults.Json(new RecordBuildsAnswer(branch.Name.Value, builds.Count), ProtocolJson.Default.RecordBuildsAnswer);
    }
}
