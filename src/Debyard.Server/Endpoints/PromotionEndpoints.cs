using Debyard.Debian.Names;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Contents;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Compares branches and promotes packages of one branch to another.</summary>
sealed class PromotionEndpoints(RepositoryRoot repository)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/api/branches/{branch}/diff", Handler.Of(DiffAsync)).Requires(Permission.Read);
        app.MapPost("/api/branches/{branch}/promote", Handler.Of(PromoteAsync)).Requires(Permission.Write);
    }

    async Task<IResult> DiffAsync(HttpContext http)
    {
        var branch = await RequireReadableAsync(http, http.Route("branch"));
        var against = await RequireReadableAsync(http, http.Query("against") ?? repository.Branches.Default.Value);
        return Answers.Json(
            new DifferenceList(branch.Name.Value, against.Name.Value, [.. branch.Contents.Against(against.Contents).Select(EntryOf)]),
            ProtocolJson.Default.DifferenceList
        );
    }

    static DifferenceEntry EntryOf(PackageDiff diff) =>
        new(
            diff.Package.ToString(),
            diff.Architecture.ToString(),
            diff.SuiteComponent.Suite.Value,
            diff.SuiteComponent.Component.Value,
            Answers.Word(diff.Change),
            diff.Here?.Version.ToString(),
            diff.There?.Version.ToString()
        );

    async Task<IResult> PromoteAsync(HttpContext http)
    {
        var into = await repository.Branches.GetAsync(BranchName.Parse(http.Route("branch")));
        var request = await http.ReadAsync(ProtocolJson.Default.PromotionRequest);
        if (request is not { From: { Length: > 0 } from } || (request.Files ?? []).Count + (request.Packages ?? []).Count == 0)
            return Answers.Problem(
                400,
                "Name the source branch and the packages: "
                    + "{\"from\": \"feature-x\", \"packages\": [\"streamer\"]}, or \"files\": [{\"name\"}]."
            );
        var source = await RequireReadableAsync(http, from);
        var chosen = Choose(source, request);
        var outcomes = await Promotion.RunAsync(into, http.Writer(into.Name), source.Name, chosen);
        var conflicts = chosen
            .Where((_, index) => outcomes[index] == OfferOutcome.Conflict)
            .Select(placed => placed.Package.FileName.ToString())
            .ToList();
        return conflicts.Count > 0
            ? Answers.Problem(
                409,
                $"{into.Name} has its own {string.Join(", ", conflicts)} with other content, so nothing was promoted; raise the version."
            )
            : Answers.Json(
                new BatchAnswer(
                    into.Name.Value,
                    [.. chosen.Zip(outcomes, (placed, outcome) => new FileAnswer(placed.Package.FileName.ToString(), outcome.ToProtocol()))]
                ),
                ProtocolJson.Default.BatchAnswer
            );
    }

    /// <exception cref="BranchMissingException">The source does not list one of them.</exception>
    static List<PlacedPackage> Choose(Branch source, PromotionRequest request) =>
        [
            .. (request.Files ?? [])
                .SelectMany(file => FindFile(source, file))
                .Concat(FindLatest(source, request.Packages ?? []))
                .Select(placed => placed with { SuiteComponent = Destination(request, placed.SuiteComponent) })
                .Distinct(),
        ];

    static SuiteComponent Destination(PromotionRequest request, SuiteComponent source) =>
        new(
            request.Suite is { } suite ? Suite.Parse(suite) : source.Suite,
            request.Component is { } component ? Component.Parse(component) : source.Component
        );

    static List<PlacedPackage> FindFile(Branch source, PromotedFile file)
    {
        var name = DebFileName.Parse(file.Name ?? "");
        var found = source
            .Contents.SuiteComponents.Where(suiteComponent => file.Suite is null or "" || suiteComponent.Suite.Value == file.Suite)
            .Where(suiteComponent => file.Component is null or "" || suiteComponent.Component.Value == file.Component)
            .Select(suiteComponent =>
                source.Contents.Find(suiteComponent, name) is { } listed
                    ? new PlacedPackage(suiteComponent, listed.Package)
                    : (PlacedPackage?)null
            )
            .OfType<PlacedPackage>()
            .ToList();
        return found.Count > 0 ? found : throw new BranchMissingException($"{source.Name} has no {name}, so nothing was promoted.");
    }

    static List<PlacedPackage> FindLatest(Branch source, IReadOnlyList<string> packages)
    {
        var latest = source.Contents.Latest().ToLookup(placed => placed.Package.FileName.Name.ToString());
        return
        [
            .. packages.SelectMany(package =>
                latest[package].Any()
                    ? latest[package]
                    : throw new BranchMissingException($"{source.Name} has no package {package}, so nothing was promoted.")
            ),
        ];
    }

    // To a caller without access a private branch looks nonexistent.
    async Task<Branch> RequireReadableAsync(HttpContext http, string folderName) =>
        BranchName.TryParse(folderName, out var name) && http.CallerContext().MayRead(repository, name)
            ? await repository.Branches.RequireAsync(folderName)
            : throw BranchMissingException.For(folderName);
}
