using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Identity;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Debyard.Server.Access.Authorization;

/// <summary>A request's caller, resolved once, and what it may do here.</summary>
/// <param name="Private">The branches that not everybody may read.</param>
sealed record CallerContext(Caller Caller, Globs Private)
{
    public bool MayRead(BranchIdentity branch) => !Private.Include(branch.Name.Value) || Caller.MayReadPrivate(branch);

    /// <exception cref="RefusedException">The branch is not the caller's to write, whether it exists or not.</exception>
    public void RequireWrite(BranchName branch)
    {
        if (Caller.WriteRefusal(branch) is { } reason)
            throw new RefusedException(
                Caller == Caller.Anonymous ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden,
                reason
            );
    }

    /// <summary>The caller as branches know it, given what the request says of itself.</summary>
    /// <exception cref="RefusedException">It says what is not so.</exception>
    public WriterIdentity Writer(string? gitRef, string? project)
    {
        var (own, owner) = Caller.WritesFor(gitRef, project is null ? null : Project.Parse(project));
        return new WriterIdentity
        {
            Name = Caller.Name,
            Ref = own,
            Project = owner,
            MayRead = Private.IsEmpty || Caller == Caller.Unrestricted ? null : MayRead,
        };
    }
}

static class CallerContextExtensions
{
    public static CallerContext CallerContext(this HttpContext http) => http.Features.GetRequiredFeature<CallerContext>();

    /// <summary>The branches that the caller may know of, by name.</summary>
    public static async Task<IReadOnlyList<BranchName>> ReadableAsync(this HttpContext http, RepositoryRoot repository)
    {
        var (visit, names) = (http.CallerContext(), new List<BranchName>());
        foreach (var name in repository.Branches.Names())
            if (await visit.MayReadAsync(repository, name))
                names.Add(name);
        return names;
    }

    /// <summary>True where the branch is not private, or the caller's to read; it need not exist.</summary>
    public static async Task<bool> MayReadAsync(this CallerContext visit, RepositoryRoot repository, BranchName name) =>
        !visit.Private.Include(name.Value) || visit.MayRead((await repository.Branches.GetAsync(name)).Identity);

    /// <summary>The caller as a writer, for the ref and the project in the request's headers.</summary>
    /// <exception cref="RefusedException">They are not the caller's own.</exception>
    public static WriterIdentity Writer(this HttpContext http, string? gitRef = null) =>
        http.CallerContext().Writer(gitRef ?? Header(http, HeaderNames.Ref), Header(http, HeaderNames.Project));

    static string? Header(HttpContext http, string name) =>
        http.Request.Headers[name].FirstOrDefault() is { Length: > 0 } value ? value : null;
}
