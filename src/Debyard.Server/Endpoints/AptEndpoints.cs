using System.Text;
using Debyard.Debian.Indexes;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Files;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>What apt and people read: the branches' files, their <c>.sources</c>, the list of branches.</summary>
sealed class AptEndpoints(RepositoryRoot repository, PublicUrls addresses, TimeProvider time)
{
    static readonly string[] Read = ["GET", "HEAD"];

    readonly SmallFileCache kept = new(time);

    public void Map(WebApplication app)
    {
        app.MapMethods("/", Read, Handler.Of(IndexAsync)).Requires(Permission.Identified);
        app.MapMethods("/{branch}.sources", Read, Handler.Of(SourcesAsync)).Requires(Permission.Read);
        app.MapMethods("/{branch}/dists/{**path}", Read, Handler.Of(IndexFileAsync)).Requires(Permission.Read);
        app.MapMethods("/{branch}/pool/{**path}", Read, Handler.Of(PackageFileAsync)).Requires(Permission.Read);
        app.MapFallback(Handler.Of(http => Answers.Problem(404, $"There is nothing at {http.Request.Path}."))).Requires(Permission.None);
    }

    async Task<IResult> IndexAsync(HttpContext http)
    {
        var text = new StringBuilder("Debyard: an apt repository for every branch.\n\n");
        foreach (var branch in await http.ReadableAsync(repository))
            text.Append(addresses.Sources(http.Request, branch)).Append('\n');
        return TypedResults.Text(text.ToString(), "text/plain; charset=utf-8");
    }

    async Task<IResult> SourcesAsync(HttpContext http)
    {
        if (await FindAsync(http) is not { } branch)
            return NoBranch(http);
        // One stanza names the product of its suites and components, so suites with other components need their own.
        var stanzas = branch
            .Contents.SuiteComponents.GroupBy(place => place.Suite, place => place.Component.Value)
            .GroupBy(suite => string.Join(' ', suite), suite => suite.Key.Value)
            .Select(suites =>
                SourcesFile.Render(
                    addresses.Branch(http.Request, branch.Name),
                    suites,
                    suites.Key.Split(' '),
                    repository.Key.ArmouredPublicKey
                )
            );
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(string.Join('\n', stanzas), "text/plain; charset=utf-8");
    }

    async Task<IResult> IndexFileAsync(HttpContext http) =>
        kept.Find(http.Request)
        ?? (
            await FolderAsync(http) is not { } folder
                ? NoBranch(http)
                : kept.TryAdd(http.Request, folder, $"dists/{http.Route("path")}")
                    ?? AptFile.Of(http.Request, folder, $"dists/{http.Route("path")}", time)
        );

    async Task<IResult> PackageFileAsync(HttpContext http) =>
        await FolderAsync(http) is { } folder ? AptFile.Of(http.Request, folder, $"pool/{http.Route("path")}", time) : NoBranch(http);

    // Not the branch: a server that has just started answers before it has read what tens of thousands of packages are.
    async Task<BranchFolder?> FolderAsync(HttpContext http) =>
        BranchName.TryParse(http.Route("branch"), out var name) ? await repository.FolderAsync(name) : null;

    async Task<Branch?> FindAsync(HttpContext http) =>
        BranchName.TryParse(http.Route("branch"), out var name) && repository.Exists(name) ? await repository.BranchAsync(name) : null;

    static IResult NoBranch(HttpContext http) => Answers.Problem(404, $"There is no branch {http.Route("branch")}.");
}
