using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Access.Authorization;

/// <summary>What a request needs of its caller.</summary>
enum Permission
{
    /// <summary>Nothing, not even a look at its token.</summary>
    None,

    /// <summary>To be known: the endpoint itself decides by <see cref="CallerContext"/>.</summary>
    Identified,

    /// <summary>To read the branch of the route; where it may not, the branch is as unknown as one that does not exist.</summary>
    Read,

    /// <summary>To write the branch of the route.</summary>
    Write,
}

/// <summary>A route's declaration of what it needs. A route without one is for nobody, where anybody is asked at all.</summary>
sealed record RequiredPermission(Func<HttpRequest, Permission> Of);

static class RequiredPermissionExtensions
{
    public static void Requires(this IEndpointConventionBuilder route, Permission right) => route.Requires(_ => right);

    public static void Requires(this IEndpointConventionBuilder route, Func<HttpRequest, Permission> right) =>
        route.WithMetadata(new RequiredPermission(right));
}
