using Debyard.Debian.Names;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Between branches: what differs, and listing the packages of one in another. No bytes move.</summary>
sealed class PromotionEndpoints(RepositoryRoot repository)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/api/branches/{branch}/diff", Handler.Of(DiffAsync)).Requires(Permission.Read);
        app.MapPost("/api/branches/{branch}/promote", Handler.Of(PromoteAsync)).Requires(Permission.Write);
    }

    async Task<IResult> DiffAsync(HttpContext http)
    {
        var branch = await ExistingAsync(http, http.Route("branch"));
        var against = await ExistingAsync(http, http.Query("against") ?? repository.DefaultBranch.Value);
        return TypedResults.Json(
            new DifferenceList(
                branch.Name.Value,
                against.Name.Value,
                [
                    .. branch
                        .Contents.Against(against.Contents)
                        .Select(one => new DifferenceEntry(
                            one.Package.ToString(),
                            one.Architecture.ToString(),
                            one.Place.Suite.Value,
                            one.Place.Component.Value,
                            Answers.Word(one.Change),
                            one.Here?.Version.ToString(),
                            one.There?.Version.ToString()
                        )),
                ]
            ),
            ProtocolJson.Default.DifferenceList
        );
    }

    async Task<IResult> PromoteAsync(HttpContext http)
    {
        var into = await repository.BranchAsync(BranchName.Parse(http.Route("branch")));
        var request = await http.ReadAsync(ProtocolJson.Default.PromotionRequest);
        if (request is not { From: { Length: > 0 } from } || (request.Files ?? []).Count + (request.Packages ?? []).Count == 0)
            return Answers.Problem(
                400,
                "Say what to take from where: {\"from\": \"feature-x\", \"packages\": [\"streamer\"]}, or \"files\": [{\"name\"}]."
            );
        var source = await ExistingAsync(http, from);
        var chosen = Chosen(source, request);
        var outcomes = await into.PromoteAsync(http.Writer(), source.Name, chosen);
        var conflicts = chosen
            .Zip(outcomes)
            .Where(one => one.Second == OfferOutcome.Conflict)
            .Select(one => one.First.Package.FileName.ToString())
            .ToList();
        return conflicts.Count > 0
            ? Answers.Problem(
                409,
                $"{into.Name} has its own {string.Join(", ", conflicts)} with other content, so nothing was promoted; raise the version."
            )
            : TypedResults.Json(
                new BatchAnswer(
                    into.Name.Value,
                    [.. chosen.Zip(outcomes, (one, outcome) => new FileAnswer(one.Package.FileName.ToString(), outcome.ToProtocol()))]
                ),
                ProtocolJson.Default.BatchAnswer
            );
    }

    /// <exception cref="BranchMissingException">The branch lists one of them nowhere.</exception>
    static List<(SuiteComponent Place, Package Package)> Chosen(Branch source, PromotionRequest request)
    {
        var contents = source.Contents;
        var found = new List<(SuiteComponent Place, Package Package)>();
        foreach (var file in request.Files ?? [])
        {
            var name = DebFileName.Parse(file.Name ?? "");
            var places = contents
                .SuiteComponents.Where(place => file.Suite is null or "" || place.Suite.Value == file.Suite)
                .Where(place => file.Component is null or "" || place.Component.Value == file.Component)
                .Select(place => (place, contents.Find(place, name)?.Package!))
                .Where(one => one.Item2 is not null)
                .ToList();
            found.AddRange(
                places.Count > 0 ? places : throw new BranchMissingException($"{source.Name} has no {name}, so nothing was promoted.")
            );
        }
        var latest = contents.Latest().ToLookup(one => one.Package.FileName.Name.ToString());
        foreach (var package in request.Packages ?? [])
            found.AddRange(
                latest[package].Any()
                    ? latest[package]
                    : throw new BranchMissingException($"{source.Name} has no package {package}, so nothing was promoted.")
            );
        return
        [
            .. found
                .Select(one =>
                    (
                        new SuiteComponent(
                            request.Suite is { } suite ? Suite.Parse(suite) : one.Place.Suite,
                            request.Component is { } component ? Component.Parse(component) : one.Place.Component
                        ),
                        one.Package
                    )
                )
                .Distinct(),
        ];
    }

    async Task<Branch> ExistingAsync(HttpContext http, string text) =>
        BranchName.TryParse(text, out var name)
        && await http.CallerContext().MayReadAsync(repository, name)
        && await repository.BranchAsync(name) is { Exists: true } branch
            ? branch
            : throw new BranchMissingException($"There is no branch {text}.");
}
