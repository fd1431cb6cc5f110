using System.Globalization;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Retires branches, lists the retired ones and restores them.</summary>
sealed class RetirementEndpoints(RepositoryRoot repository, PublicUrls urls)
{
    public void Map(WebApplication app)
    {
        app.MapDelete("/api/branches", Handler.Of(RetireRefAsync)).Requires(Permission.Identified);
        app.MapDelete("/api/branches/{branch}", Handler.Of(RetireAsync)).Requires(Permission.Write);
        app.MapPost("/api/branches/{branch}/restore", Handler.Of(RestoreAsync)).Requires(Permission.Authenticated);
        app.MapGet("/api/retired", Handler.Of(ListAsync)).Requires(Permission.Identified);
    }

    async Task<IResult> RetireAsync(HttpContext http) =>
        await RetireAsync(http, await repository.Branches.GetAsync(BranchName.Parse(http.Route("branch"))));

    // For jobs, which know the ref but not the folder. A job that stops an environment may find the branch retired already, because
    // a webhook has told of its deletion.
    async Task<IResult> RetireRefAsync(HttpContext http)
    {
        if (http.Query("ref") is not { } gitRef)
            return Answers.Problem(400, "Name the git ref of the branch to retire: DELETE /api/branches?ref=feature/x");
        var folder = repository.Branches.FolderOf(gitRef);
        http.RequireWrite(repository.Branches, folder, gitRef);
        var branch = await repository.Branches.GetAsync(folder);
        if (!branch.Exists && repository.Retirement.All().FirstOrDefault(retired => retired.Identity.Ref == gitRef) is { } retired)
            return Answers.Json(
                new RetireAnswer(retired.Name.Value, Retired: true, retired.Until, Owners: null),
                ProtocolJson.Default.RetireAnswer
            );
        return await RetireAsync(http, branch, gitRef);
    }

    async Task<IResult> RetireAsync(HttpContext http, Branch branch, string? gitRef = null)
    {
        var outcome = await repository.Retirement.RetireAsync(branch, http.Writer(branch.Name, gitRef));
        return Answers.Json(
            new RetireAnswer(
                branch.Name.Value,
                outcome.Until is not null,
                outcome.Until,
                outcome.Owners.Count > 0 ? [.. outcome.Owners.Select(owner => owner.Path)] : null
            ),
            ProtocolJson.Default.RetireAnswer
        );
    }

    async Task<IResult> RestoreAsync(HttpContext http)
    {
        var branch = await repository.Branches.GetAsync(BranchName.Parse(http.Route("branch")));
        var id =
            http.Query("id") is not { } text ? (long?)null
            : long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number
            : throw new BadHttpRequestException($"id={text} is not the id of a retired branch; GET /api/retired lists them.");
        await repository.Retirement.RestoreAsync(branch, http.Writer(branch.Name), id);
        return Answers.Json(
            new BranchAnswer(branch.Name.Value, branch.Ref, urls.Branch(http.Request, branch.Name), Created: false),
            ProtocolJson.Default.BranchAnswer
        );
    }

    async Task<IResult> ListAsync(HttpContext http)
    {
        var branches = new List<RetiredEntry>();
        foreach (var retired in repository.Retirement.All())
            if (http.CallerContext().MayRead(retired.Identity))
                branches.Add(new RetiredEntry(retired.Name.Value, retired.Id, retired.Identity.Ref, retired.At, retired.Until));
        return Answers.Json(new RetiredList(branches), ProtocolJson.Default.RetiredList);
    }
}
