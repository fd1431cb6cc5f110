using Debyard.Repository;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server;

/// <summary>The branches themselves: list, look into, create.</summary>
sealed class BranchEndpoints(RepositoryRoot repository, Addresses addresses)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/api/branches", Endpoint.Of(ListAsync)).Needs(Right.Name);
        app.MapGet("/api/branches/{branch}", Endpoint.Of(ShowAsync)).Needs(Right.Read);
        app.MapPost("/api/branches", Endpoint.Of(OpenAsync)).Needs(Right.Name);
        app.MapPut("/api/branches/{branch}", Endpoint.Of(CreateAsync)).Needs(Right.Write);
    }

    async Task<IResult> ListAsync(HttpContext http)
    {
        var branches = new List<BranchEntry>();
        foreach (var name in await http.ReadableAsync(repository))
            if (await repository.BranchAsync(name) is { Exists: true } branch)
                branches.Add(new BranchEntry(name.Value, branch.Ref, branch.Parent?.Value,
                    addresses.Branch(http.Request, name), addresses.Sources(http.Request, name), branch.Contents.Count) { Owners = Owners(branch) });
        return TypedResults.Json(new BranchList(branches), ProtocolJson.Default.BranchList);
    }

    async Task<IResult> ShowAsync(HttpContext http)
    {
        if (!BranchName.TryParse(http.Route("branch"), out var name) || await repository.BranchAsync(name) is not { Exists: true } branch)
            return Problem.Of(404, $"There is no branch {http.Route("branch")}.").ToResult();
        var url = addresses.Branch(http.Request, name);
        var contents = branch.Contents;
        var packages =
            from place in contents.Places
            from listed in contents.In(place)
            let package = listed.Package
            orderby package.FileName.ToString(), place.ToString()
            select new PackageEntry(
                package.FileName.ToString(), package.FileName.Name.ToString(), package.Version.ToString(), package.FileName.Architecture.ToString(),
                place.Suite.Value, place.Component.Value, package.Digests.Size, package.Digests.Sha256, listed.Provenance,
                new Uri(url, BranchFolder.Filename(place, package)));
        return TypedResults.Json(
            new BranchDetails(name.Value, branch.Ref, branch.Parent?.Value, url, addresses.Sources(http.Request, name), [.. packages]) { Owners = Owners(branch) },
            ProtocolJson.Default.BranchDetails);
    }

    // For a caller that knows its ref and leaves the folder's name to the server.
    async Task<IResult> OpenAsync(HttpContext http) =>
        (await http.ReadAsync(ProtocolJson.Default.BranchRequest))?.Ref is { Length: > 0 } gitRef
            ? await CreateAsync(http, await repository.BranchOfAsync(gitRef), gitRef)
            : Problem.Of(400, "Say which ref the branch is for: {\"ref\": \"feature/x\"}.").ToResult();

    // The path says which folder is expected, the ref decides which it is.
    async Task<IResult> CreateAsync(HttpContext http)
    {
        var asked = BranchName.Parse(http.Route("branch"));
        var gitRef = (await http.ReadAsync(ProtocolJson.Default.BranchRequest))?.Ref;
        if (gitRef is not null && RefSlug.Of(gitRef) != asked && RefSlug.OfSecond(gitRef) != asked)
            throw new BranchNameException($"The ref '{gitRef}' belongs to the folder {RefSlug.Of(gitRef)}, not {asked}; ask PUT /api/branches/{RefSlug.Of(gitRef)}.");
        return await CreateAsync(http, gitRef is null ? await repository.BranchAsync(asked) : await repository.BranchOfAsync(gitRef), gitRef);
    }

    async Task<IResult> CreateAsync(HttpContext http, Branch branch, string? gitRef)
    {
        http.Visit().RequireWrite(branch.Name);
        var isNew = !branch.Exists;
        await branch.CreateAsync(http.Writer(gitRef));
        return TypedResults.Json(
            new BranchAnswer(branch.Name.Value, branch.Ref, addresses.Branch(http.Request, branch.Name), isNew),
            ProtocolJson.Default.BranchAnswer, statusCode: isNew ? 201 : 200);
    }

    // Left out of the answer where nobody said.
    static IReadOnlyList<string>? Owners(Branch branch) => branch.Owners.Count > 0 ? [.. branch.Owners.Select(owner => owner.Path)] : null;
}
