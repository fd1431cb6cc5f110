using Debyard.Debian.Names;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Debyard.Server.Access.Authorization;

/// <summary>A request's caller and what it may do.</summary>
sealed record CallerContext(Caller Caller, AccessPolicy Policy)
{
    public bool MayRead(BranchIdentity branch) => !Policy.IsPrivate(branch) || Caller.MayReadPrivate(branch);

    /// <summary>The caller as branches know it, with the ref and project that the request names.</summary>
    /// <exception cref="RefusedException">They are not the caller's.</exception>
    public WriterIdentity Writer(BranchName folder, string? gitRef, string? project, string? address)
    {
        var (own, owner) = Caller.WritesFor(folder, gitRef, project is null ? null : Project.Parse(project));
        return new WriterIdentity
        {
            Name = Caller.Name,
            Ref = own,
            Project = owner,
            Address = address,
            MayRead = !Policy.HasPrivate || Caller.IsAdministrator ? null : MayRead,
            Authorize = Authorize,
        };
    }

    void Authorize(BranchWrite write)
    {
        if (Caller.Refusal(write) is { } reason)
            throw new WriteRefusedException(reason);
    }
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
        !context.Policy.HasPrivate || context.MayRead(repository.Branches.Identify(name));

    /// <exception cref="RefusedException">The request has no credentials: 401.</exception>
    public static void RequireAuthenticated(this HttpContext http)
    {
        if (http.CallerContext().Caller == Caller.Anonymous)
            throw new RefusedException(
                StatusCodes.Status401Unauthorized,
                "Authentication required: send Authorization: Bearer TOKEN with a token that may do this."
            );
    }

    /// <exception cref="RefusedException">The caller is not an administrator: 401 or 403.</exception>
    public static void RequireAdministrator(this HttpContext http)
    {
        http.RequireAuthenticated();
        if (!http.CallerContext().Caller.IsAdministrator)
            throw new RefusedException(StatusCodes.Status403Forbidden, "Only administrators may do this: use a token with Administrator.");
    }

    /// <summary>Resolves the branch that the request is for, which need not exist, and checks that the caller may write it.</summary>
    /// <param name="gitRef">The ref that the request names; null: that of its header.</param>
    /// <exception cref="RefusedException">There are no credentials, or the ref or project is not the caller's.</exception>
    /// <exception cref="BranchNameException">The folder cannot be that of the ref.</exception>
    /// <exception cref="BranchTakenException">The folder belongs to another ref, or the ref's branch has another folder.</exception>
    /// <exception cref="WriteRefusedException">The caller may not write the branch or one of the packages.</exception>
    public static WriterIdentity RequireWrite(
        this HttpContext http,
        BranchDirectory branches,
        BranchName folder,
        string? gitRef = null,
        params IReadOnlyCollection<PackageName> packages
    )
    {
        http.RequireAuthenticated();
        var writer = http.Writer(folder, gitRef);
        writer.Claim(branches.Resolve(folder, writer.Ref), packages);
        return writer;
    }

    /// <summary>The caller as a writer of the folder, for the ref and the project in the request's headers.</summary>
    /// <exception cref="RefusedException">They are not the caller's.</exception>
    public static WriterIdentity Writer(this HttpContext http, BranchName folder, string? gitRef = null) =>
        http.CallerContext()
            .Writer(
                folder,
                gitRef ?? Header(http, HeaderNames.Ref),
                Header(http, HeaderNames.Project),
                http.Connection.RemoteIpAddress?.ToString()
            );

    static string? Header(HttpContext http, string name) =>
        http.Request.Headers[name].FirstOrDefault() is { Length: > 0 } value ? value : null;
}
