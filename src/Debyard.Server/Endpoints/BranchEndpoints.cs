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

/// <summary>Lists, shows and creates branches.</summary>
sealed class BranchEndpoints(RepositoryRoot repository, PublicUrls urls)
{
    public void Map(WebApplication app)
    {
        app.MapGet("/api/branches", Handler.Of(ListAsync)).Requires(Permission.Identified);
        app.MapGet("/api/branches/{branch}", Handler.Of(ShowAsync)).Requires(Permission.Read);
        app.MapPost("/api/branches", Handler.Of(OpenAsync)).Requires(Permission.Authenticated);
        app.MapPut("/api/branches/{branch}", Handler.Of(CreateAsync)).Requires(Permission.Authenticated);
    }

    async Task<IResult> ListAsync(HttpContext http)
    {
        var branches = new List<BranchEntry>();
        var (after, limit) = (http.Query("after"), http.Limit(int.MaxValue));
        foreach (var name in http.Readable(repository))
            if (
                string.CompareOrdinal(name.Value, after) > 0
                && http.Asks("name", name.Value)
                && repository.Branches.Summarize(name) is { } branch
                && IsOfOwner(http, branch.Owners)
            )
            {
                if (branches.Count == limit)
                    return List(branches, branches[^1].Branch);
                branches.Add(
                    new BranchEntry(
                        name.Value,
                        branch.Ref,
                        await ParentAsync(http, branch.Parent),
                        urls.Branch(http.Request, name),
                        urls.Sources(http.Request, name),
                        branch.IsProtected,
                        branch.Published
                    )
                    {
                        Owners = Paths(branch.Owners),
                    }
                );
            }
        return List(branches, next: null);

        static IResult List(List<BranchEntry> branches, string? next) =>
            Answers.Json(new BranchList(branches, next), ProtocolJson.Default.BranchList);
    }

    async Task<IResult> ShowAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        var name = branch.Name;
        var url = urls.Branch(http.Request, name);
        var contents = branch.Contents;
        var (after, limit) = (http.Query("after"), http.Limit(int.MaxValue));
        var packages = (
            from suiteComponent in contents.SuiteComponents
            where http.Asks("suite", suiteComponent.Suite.Value) && http.Asks("component", suiteComponent.Component.Value)
            from listed in contents.In(suiteComponent)
            let file = listed.Package.FileName
            where
                http.Asks("package", file.Name.ToString())
                && http.Asks("architecture", file.Architecture.ToString())
                && HasOwnership(http, listed.Ownership)
            let position = $"{file}@{suiteComponent}"
            where string.CompareOrdinal(position, after) > 0
            select (Position: position, suiteComponent, listed)
        )
            .OrderBy(package => package.Position, StringComparer.Ordinal)
            .ToList();
        var page = packages.Take(limit).Select(package => Entry(url, package.suiteComponent, package.listed)).ToList();
        return Answers.Json(
            new BranchDetails(
                name.Value,
                branch.Ref,
                await ParentAsync(http, branch.Parent),
                url,
                urls.Sources(http.Request, name),
                branch.IsProtected,
                page,
                page.Count < packages.Count ? packages[page.Count - 1].Position : null
            )
            {
                Owners = Paths(branch.Owners),
            },
            ProtocolJson.Default.BranchDetails
        );
    }

    static PackageEntry Entry(Uri url, SuiteComponent suiteComponent, ListedPackage listed) =>
        new(
            listed.Package.FileName.ToString(),
            listed.Package.FileName.Name.ToString(),
            listed.Package.Version.ToString(),
            listed.Package.FileName.Architecture.ToString(),
            suiteComponent.Suite.Value,
            suiteComponent.Component.Value,
            listed.Package.Digests.Size,
            listed.Package.Digests.Sha256.ToString(),
            Answers.Word(listed.Ownership),
            new Uri(url, BranchFolder.Filename(suiteComponent, listed.Package))
        );

    static bool IsOfOwner(HttpContext http, IReadOnlyList<Project> owners) =>
        http.Query("owner") is not { } owner || owners.Any(project => project.Path == owner);

    static bool HasOwnership(HttpContext http, Ownership ownership) =>
        http.Query("ownership") is not { } asked || ownership.ToString().Equals(asked, StringComparison.OrdinalIgnoreCase);

    // For callers that know the ref but not the folder name.
    async Task<IResult> OpenAsync(HttpContext http) =>
        await http.ReadAsync(ProtocolJson.Default.BranchRequest) is { Ref: { Length: > 0 } gitRef } request
            ? await CreateAsync(http, repository.Branches.FolderOf(gitRef), request)
            : Answers.Problem(400, "Name the git ref of the branch: {\"ref\": \"feature/x\"}.");

    // The path names the folder that the caller expects; the ref determines the actual one.
    async Task<IResult> CreateAsync(HttpContext http)
    {
        var asked = BranchName.Parse(http.Route("branch"));
        var request = await http.ReadAsync(ProtocolJson.Default.BranchRequest) ?? new(null);
        if (request.Ref is { } gitRef && !RefSlug.CanName(gitRef, asked))
            throw new BranchNameException(
                $"The ref '{gitRef}' belongs to the folder {RefSlug.Of(gitRef)}, not {asked}; use PUT /api/branches/{RefSlug.Of(gitRef)}."
            );
        return await CreateAsync(http, request.Ref is null ? asked : repository.Branches.FolderOf(request.Ref), request);
    }

    async Task<IResult> CreateAsync(HttpContext http, BranchName folder, BranchRequest request)
    {
        var writer = http.RequireWrite(repository.Branches, folder, request.Ref);
        var branch = await repository.Branches.GetAsync(folder);
        var isNew = await branch.CreateAsync(writer, await ParentageAsync(http, request.Parent));
        var refreshed = request.Refresh ? await Refresh.RunAsync(repository.Branches, branch, writer) : null;
        return Answers.Json(
            new BranchAnswer(
                branch.Name.Value,
                branch.Ref,
                urls.Branch(http.Request, branch.Name),
                isNew,
                refreshed is null ? null : [.. refreshed.Select(file => file.ToString())]
            ),
            ProtocolJson.Default.BranchAnswer,
            isNew ? 201 : 200
        );
    }

    async Task<Parentage?> ParentageAsync(HttpContext http, string? parent) =>
        parent is null ? null
        : parent.Length == 0 ? Parentage.None
        : BranchName.TryParse(parent, out var name) && http.CallerContext().MayRead(repository, name) ? new Parentage(name)
        : throw new BranchMissingException($"There is no branch {parent} to start from.");

    // The parent's name is shown only to callers that may read it.
    async Task<string?> ParentAsync(HttpContext http, BranchName? parent) =>
        parent is { } name && http.CallerContext().MayRead(repository, name) ? name.Value : null;

    // Null leaves the field out of the answer.
    static IReadOnlyList<string>? Paths(IReadOnlyList<Project> owners) => owners.Count > 0 ? [.. owners.Select(owner => owner.Path)] : null;
}
