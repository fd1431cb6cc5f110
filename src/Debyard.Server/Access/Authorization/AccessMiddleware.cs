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
    readonly AccessOptions? access = options.Access;
    readonly AccessPolicy policy = new(options.Access, repository.Branches);
    readonly StaticTokens tokens = new(options.Access?.Tokens ?? []);
    readonly Refusals refusals = new(options.Repository.Root, logs.CreateLogger<Refusals>());

    // The library that verifies id_tokens is loaded with the first of them.
    readonly Lazy<IdTokenVerifier>? idTokens = options.Access?.GitLab is { } gitLab
        ? new(() => new(gitLab, options.Repository.Time, logs))
        : null;

    public async Task InvokeAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            var permission = http.GetEndpoint()?.Metadata.GetMetadata<RequiredPermission>()?.Of(http.Request);
            if (permission != Permission.None)
            {
                limits.CountRequest(http);
                var context = new CallerContext(access is null ? Caller.Unrestricted : await IdentifyAsync(http), policy);
                http.Features.Set(context);
                Authorize(http, context, permission);
            }
            await next(http);
        }
        catch (Exception fault) when (refusals.Record(http, fault))
        {
            throw;
        }
    }

    void Authorize(HttpContext http, CallerContext context, Permission? permission)
    {
        switch (permission)
        {
            case Permission.Identified:
                break;
            case Permission.Authenticated:
                http.RequireAuthenticated();
                break;
            case Permission.Read:
                RequireRead(http.Route("branch"), context);
                break;
            case Permission.Write:
                http.RequireAuthenticated();
                http.RequireWrite(repository.Branches, BranchName.Parse(http.Route("branch")));
                break;
            case Permission.Administer:
                http.RequireAdministrator();
                break;
            default:
                if (access is not null)
                    throw new RefusedException(StatusCodes.Status404NotFound, $"There is nothing at {http.Request.Path}.");
                break;
        }
    }

    // The answer is the same whether the branch is unreadable or missing, and takes the same time: both checks are always made.
    void RequireRead(string branch, CallerContext context)
    {
        if (!policy.HasPrivate || !BranchName.TryParse(branch, out var name))
            return;
        var identity = repository.Branches.Identify(name);
        if (!context.MayRead(identity) | !identity.Exists)
            throw BranchMissingException.For(branch);
    }

    async Task<Caller> IdentifyAsync(HttpContext http)
    {
        if (http.Request.Headers.Authorization.Count == 0)
            return Caller.Anonymous;
        // Before the comparison: a client at the limit must not learn whether its next guess is right.
        limits.RequireFailuresLeft(http);
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
        return new JobCaller(await idTokens.Value.VerifyAsync(secret, http.RequestAborted), gitLab, policy);
    }

    public void Dispose()
    {
        refusals.Dispose();
        if (idTokens is { IsValueCreated: true })
            idTokens.Value.Dispose();
    }
}
