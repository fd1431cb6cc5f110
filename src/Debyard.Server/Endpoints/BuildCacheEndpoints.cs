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

/// <summary>The build cache: finds and records the packages of builds by their fingerprints.</summary>
sealed class BuildCacheEndpoints(RepositoryRoot repository)
{
    const int MaxFingerprints = 10_000;

    public void Map(WebApplication app)
    {
        app.MapPost("/api/builds", Handler.Of(FindAsync)).Requires(Permission.Identified);
        app.MapPost("/api/branches/{branch}/builds", Handler.Of(RecordAsync)).Requires(Permission.Write);
    }

    async Task<IResult> FindAsync(HttpContext http)
    {
        var query = await http.ReadAsync(ProtocolJson.Default.CachedBuildQuery);
        var asked = query?.Fingerprints ?? [];
        if (asked.Count > MaxFingerprints)
            throw new BadHttpRequestException($"{asked.Count} fingerprints are too many for one request; send at most {MaxFingerprints}.");
        var own = query?.Ref is { } gitRef ? OwnBranch(http, gitRef) : null;
        var found = new List<CachedBuildEntry>();
        foreach (var fingerprint in asked.Select(fingerprint => fingerprint ?? "").Distinct())
            if (await repository.BuildCache.FindAsync(fingerprint, http.CallerContext().MayRead, own) is { } build)
                found.Add(EntryOf(build));
        return Answers.Json(new CachedBuildList(found), ProtocolJson.Default.CachedBuildList);
    }

    // Whoever may write a branch decides what it holds, and may believe its records. Jobs of one pipeline find each other's builds so.
    BranchName? OwnBranch(HttpContext http, string gitRef) =>
        new[] { RefSlug.Of(gitRef), RefSlug.OfSecond(gitRef) }.FirstOrDefault(name =>
            repository.Branches.Identify(name).Ref == gitRef && http.CallerContext().Caller.WriteRefusal(name, gitRef) is null
        );

    async Task<IResult> RecordAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        var builds = (await http.ReadAsync(ProtocolJson.Default.RecordBuildsRequest))?.Builds ?? [];
        foreach (var build in builds)
            repository.BuildCache.Record(
                branch,
                build?.Fingerprint ?? "",
                [
                    .. (build?.Files ?? []).Select(file => new BuiltFile(
                        DebFileName.Parse(file?.Name ?? ""),
                        Sha256.Parse(file?.Sha256 ?? "")
                    )),
                ]
            );
        return Answers.Json(new RecordBuildsAnswer(branch.Name.Value, builds.Count), ProtocolJson.Default.RecordBuildsAnswer);
    }

    static CachedBuildEntry EntryOf(CachedBuild build) =>
        new(
            build.Fingerprint,
            build.Branch.Value,
            [
                .. build.Files.Select(file => new CachedFile(
                    file.FileName.ToString(),
                    file.Digests.Size,
                    file.Digests.Md5,
                    file.Digests.Sha1,
                    file.Digests.Sha256.ToString()
                )),
            ]
        );
}
