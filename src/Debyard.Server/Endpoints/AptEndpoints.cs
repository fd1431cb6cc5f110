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

/// <summary>Downloads for apt and people: the files of branches, their <c>.sources</c> files and the list of branches.</summary>
sealed class AptEndpoints(RepositoryRoot repository, PublicUrls urls, TimeProvider time)
{
    static readonly string[] Read = ["GET", "HEAD"];

    readonly SmallFileCache files = new(time);

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
        var text = new StringBuilder("Debyard: each branch is an apt repository.\n\n");
        foreach (var branch in http.Readable(repository))
            text.Append(urls.Sources(http.Request, branch)).Append('\n');
        return TypedResults.Text(text.ToString(), "text/plain; charset=utf-8");
    }

    async Task<IResult> SourcesAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        // A stanza applies all its components to all its suites, so suites with other components need their own stanza.
        var stanzas = branch
            .Contents.SuiteComponents.GroupBy(suiteComponent => suiteComponent.Suite, suiteComponent => suiteComponent.Component.Value)
            .GroupBy(suite => string.Join(' ', suite), suite => suite.Key.Value)
            .Select(suites =>
                SourcesFile.Render(urls.Branch(http.Request, branch.Name), suites, suites.Key.Split(' '), repository.Key.ArmouredPublicKey)
            );
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(string.Join('\n', stanzas), "text/plain; charset=utf-8");
    }

    async Task<IResult> IndexFileAsync(HttpContext http)
    {
        if (files.Find(http.Request) is { } cached)
            return cached;
        var (folder, path) = (await FolderAsync(http), $"dists/{http.Route("path")}");
        return files.TryAdd(http.Request, folder, path) ?? AptFile.Of(http.Request, folder, path, time);
    }

    async Task<IResult> PackageFileAsync(HttpContext http) =>
        AptFile.Of(http.Request, await FolderAsync(http), $"pool/{http.Route("path")}", time);

    // Not the branch itself: after a restart, files can be served before the branch's packages have been read.
    async Task<BranchFolder> FolderAsync(HttpContext http) =>
        BranchName.TryParse(http.Route("branch"), out var name) && await repository.Branches.FindFolderAsync(name) is { } folder
            ? folder
            : throw BranchMissingException.For(http.Route("branch"));
}
