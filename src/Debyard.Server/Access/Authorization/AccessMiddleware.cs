using Debyard.Repository;
using Debyard.Repository.Identity;
using Debyard.Server.Access.Authentication;
using Debyard.Server.Configuration;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Access.Authorization;

/// <summary>Where every request passes: who is it, and may it do what its route needs?</summary>
sealed class AccessMiddleware(ServerOptions options, RepositoryRoot repository, Limits limits, ILoggerFactory logs) : IDisposable
{
    static readonly CallerContext open = new(Caller.Unrestricted, Globs.None);

    readonly AccessOptions? access = options.Access;
    readonly StaticTokens tokens = new(options.Access?.Tokens ?? []);

    // Without a job's token the server never loads the library that verifies it.
    readonly Lazy<IdTokenVerifier>? idTokens = options.Access?.GitLab is { } gitLab
        ? new(() => new(gitLab, options.Repository.Time, logs))
        : null;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var right = http.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>()?.Of(http.Request);
        if (right != Permission.None)
        {
            limits.CountRequest(http);
            var visit = access is null ? open : new CallerContext(await IdentifyAsync(http), access.Private);
            http.Features.Set(visit);
            if (access is not null)
                await AdmitAsync(http, visit, right);
        }
        await next(http);
    }

    async Task AdmitAsync(HttpContext http, CallerContext visit, Permission? right)
    {
        switch (right)
        {
            case Permission.Identified:
                break;
            case Permission.Read:
                await RequireReadAsync(http.Route("branch"), visit);
                break;
            case Permission.Write:
                visit.RequireWrite(BranchName.Parse(http.Route("branch")));
                break;
            default:
                throw new RefusedException(StatusCodes.Status404NotFound, $"There is nothing at {http.Request.Path}.");
        }
    }

    async Task RequireReadAsync(string branch, CallerContext visit)
    {
        // The same answer where there is none and where it is not to be known that there is one.
        if (
            visit.Private.Include(branch)
            && !(BranchName.TryParse(branch, out var name) && repository.Exists(name) && visit.MayRead(await repository.BranchAsync(name)))
        )
            throw new RefusedException(StatusCodes.Status404NotFound, $"There is no branch {branch}.");
    }

    async Task<Caller> IdentifyAsync(HttpContext http)
    {
        try
        {
            return Credentials.Of(http.Request) is not { } secret ? Caller.Anonymous
                : tokens.Find(secret) is { } token ? new TokenHolder(token)
                : await JobAsync(http, secret);
        }
        catch (RefusedException refused) when (refused.Status == StatusCodes.Status401Unauthorized)
        {
            limits.CountFailure(http);
            throw;
        }
    }

    async Task<Caller> JobAsync(HttpContext http, string secret)
    {
        if (idTokens is null || !IdTokenVerifier.IsJwt(secret))
            throw new RefusedException(StatusCodes.Status401Unauthorized, "This server does not know the token.");
        return new JobCaller(
            await idTokens.Value.VerifyAsync(secret, http.RequestAborted),
            access!,
            access!.GitLab!,
            options.Repository.DefaultBranch
        );
    }

    public void Dispose()
    {
        if (idTokens is { IsValueCreated: true })
            idTokens.Value.Dispose();
    }
}
