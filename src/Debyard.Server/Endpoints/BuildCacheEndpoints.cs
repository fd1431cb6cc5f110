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
        app.MapPost("/api/builds", Handler.Of(FindAsync)).Requires(Permission.Authenticated);
        app.MapPost("/api/branches/{branch}/builds", Handler.Of(RecordAsync)).Requires(Permission.Write);
    }

    async Task<IResult> FindAsync(HttpContext http)
    {
        var query = await http.ReadAsync(ProtocolJson.Default.CachedBuildQuery);
        var asked = query?.Fingerprints ?? [];
        if (asked.Count > MaxFingerprints)
            throw new BadHttpRequestException($"{asked.Count} fingerprints are too many for one request; send at most {MaxFingerprints}.");
        var found = await repository.BuildCache.FindAsync(
            [.. asked.Select(fingerprint => fingerprint ?? "").Distinct()],
            http.CallerContext().MayRead,
            query?.Ref is { } gitRef ? OwnBranch(http, gitRef) : null,
            http.RequestAborted
        );
        return Answers.Json(new CachedBuildList([.. found.Select(EntryOf)]), ProtocolJson.Default.CachedBuildList);
    }

    // Whoever may write a branch decides what it holds, and may believe its records. Jobs of one pipeline find each other's builds so.
    BranchName? OwnBranch(HttpContext http, string gitRef) =>
        repository.Branches.Identify(repository.Branches.FolderOf(gitRef)) is { Exists: true } branch
        && branch.Ref == gitRef
        && http.CallerContext().Caller.Refusal(new BranchWrite(branch, [])) is null
            ? branch.Name
            : null;

    async Task<IResult> RecordAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        var writer = http.Writer(branch.Name);
        var builds = (await http.ReadAsync(ProtocolJson.Default.RecordBuildsRequest))?.Builds ?? [];
        foreach (var build in builds)
            repository.BuildCache.Record(
                branch,
                writer,
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
