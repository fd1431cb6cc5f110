using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Identity;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Debyard.Server.Access.Authorization;

/// <summary>A request's caller and what it may do.</summary>
/// <param name="Private">The branches that not everyone may read.</param>
sealed record CallerContext(Caller Caller, IReadOnlyList<BranchPattern> Private)
{
    public bool MayRead(BranchIdentity branch) => !IsPrivate(branch.Name, branch.Ref) || Caller.MayReadPrivate(branch);

    /// <summary>The caller as branches know it, with the ref and project that the request names.</summary>
    /// <exception cref="RefusedException">They are not the caller's.</exception>
    public WriterIdentity Writer(string? gitRef, string? project)
    {
        var (own, owner) = Caller.WritesFor(gitRef, project is null ? null : Project.Parse(project));
        return new WriterIdentity
        {
            Name = Caller.Name,
            Ref = own,
            Project = owner,
            MayRead = Private.Count == 0 || Caller == Caller.Unrestricted ? null : MayRead,
        };
    }

    // While the ref is unknown, a pattern for refs must not leave the branch readable for all.
    bool IsPrivate(BranchName branch, string? gitRef) =>
        Private.Include(branch, gitRef) || gitRef is null && Private.Any(pattern => pattern.MayMatchRefOf(branch));
}

static class CallerContextExtensions
{
    public static CallerContext CallerContext(this HttpContext http) => http.Features.GetRequiredFeature<CallerContext>();

    /// <summary>The branches that the caller may read, by name.</summary>
    public static IReadOnlyList<BranchName> Readable(this HttpContext http, RepositoryRoot repository)
    {
        var (context, names) = (http.CallerContext(), new List<BranchName>());
        foreach (var name in repository.Branches.Names())
            if (context.MayRead(repository, name))
                names.Add(name);
        return names;
    }

    /// <summary>True if the branch is public or the caller may read it; it need not exist.</summary>
    public static bool MayRead(this CallerContext context, RepositoryRoot repository, BranchName name) =>
        context.Private.Count == 0 || context.MayRead(repository.Branches.Identify(name));

    /// <param name="gitRef">The ref that the request names; null: that of its header.</param>
    /// <exception cref="RefusedException">The caller may not write the branch, which need not exist.</exception>
    public static void RequireWrite(this HttpContext http, RepositoryRoot repository, BranchName branch, string? gitRef = null)
    {
        var caller = http.CallerContext().Caller;
        if (
            caller.WriteRefusal(branch, null) is not null
            && caller.WriteRefusal(branch, RefOf(repository, branch, gitRef ?? Header(http, HeaderNames.Ref))) is { } reason
        )
            throw new RefusedException(
                caller == Caller.Anonymous ? StatusCodes.Status401Unauthorized : StatusCodes.Status403Forbidden,
                reason
            );
    }

    /// <summary>The caller as a writer, for the ref and the project in the request's headers.</summary>
    /// <exception cref="RefusedException">They are not the caller's.</exception>
    public static WriterIdentity Writer(this HttpContext http, string? gitRef = null) =>
        http.CallerContext().Writer(gitRef ?? Header(http, HeaderNames.Ref), Header(http, HeaderNames.Project));

    // A request may choose the ref only of a branch that it creates, and only one that belongs to the folder: another ref with the slug
    // of the default branch must not become it.
    static string? RefOf(RepositoryRoot repository, BranchName branch, string? asked) =>
        branch == repository.Branches.Default || repository.Branches.Exists(branch) ? repository.Branches.Identify(branch).Ref
        : asked is not null && (RefSlug.Of(asked) == branch || RefSlug.OfSecond(asked) == branch) ? asked
        : null;

    static string? Header(HttpContext http, string name) =>
        http.Request.Headers[name].FirstOrDefault() is { Length: > 0 } value ? value : null;
}
