using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Server.Access.Authentication;
using Debyard.Server.Configuration;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Access.Authorization;

/// <summary>Identifies the caller of every request and checks the permission that its route requires.</summary>
sealed class AccessMiddleware(ServerOptions options, RepositoryRoot repository, Limits limits, ILoggerFactory logs) : IDisposable
{
    static readonly CallerContext open = new(Caller.Unrestricted, []);

    readonly AccessOptions? access = options.Access;
    readonly StaticTokens tokens = new(options.Access?.Tokens ?? []);

    // The library that verifies id_tokens is loaded with the first of them.
    readonly Lazy<IdTokenVerifier>? idTokens = options.Access?.GitLab is { } gitLab
        ? new(() => new(gitLab, options.Repository.Time, logs))
        : null;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        var permission = http.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>()?.Of(http.Request);
        if (permission != Permission.None)
        {
            limits.CountRequest(http);
            var context = access is null ? open : new CallerContext(await IdentifyAsync(http), access.Private);
            http.Features.Set(context);
            if (access is not null)
                Authorize(http, context, permission);
        }
        await next(http);
    }

    void Authorize(HttpContext http, CallerContext context, Permission? permission)
    {
        switch (permission)
        {
            case Permission.Identified:
                break;
            case Permission.Read:
                RequireRead(http.Route("branch"), context);
                break;
            case Permission.Write:
                http.RequireWrite(repository, BranchName.Parse(http.Route("branch")));
                break;
            default:
                throw new RefusedException(StatusCodes.Status404NotFound, $"There is nothing at {http.Request.Path}.");
        }
    }

    // The answer is the same whether the branch is unreadable or missing, so that it does not reveal which.
    void RequireRead(string branch, CallerContext context)
    {
        if (
            context.Private.Count > 0
            && BranchName.TryParse(branch, out var name)
            && !(repository.Branches.Exists(name) && context.MayRead(repository.Branches.Identify(name)))
        )
            throw BranchMissingException.For(branch);
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
        if (access?.GitLab is not { } gitLab || idTokens is null || !IdTokenVerifier.IsJwt(secret))
            throw new RefusedException(StatusCodes.Status401Unauthorized, "This server does not know the token.");
        var job = await idTokens.Value.VerifyAsync(secret, http.RequestAborted);
        return new JobCaller(job, access, gitLab, options.Repository.DefaultBranch);
    }

    public void Dispose()
    {
        if (idTokens is { IsValueCreated: true })
            idTokens.Value.Dispose();
    }
}
