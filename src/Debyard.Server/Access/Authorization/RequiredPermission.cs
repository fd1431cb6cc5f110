using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Access.Authorization;

/// <summary>The permission that a request requires.</summary>
enum Permission
{
    /// <summary>None; credentials are not even looked at.</summary>
    None,

    /// <summary>The caller is identified, and the endpoint decides by <see cref="CallerContext"/>.</summary>
    Identified,

    /// <summary>Like <see cref="Identified"/>, for callers with credentials only: the request's body decides what is asked.</summary>
    Authenticated,

    /// <summary>Read access to the branch of the route. To callers without it a private branch looks nonexistent.</summary>
    Read,

    /// <summary>Write access to the branch of the route.</summary>
    Write,

    /// <summary>The caller is an administrator.</summary>
    Administer,
}

/// <summary>The permission that a route declares. With access control, a route without a declaration refuses everyone.</summary>
sealed record RequiredPermission(Func<HttpRequest, Permission> Of);

static class RequiredPermissionExtensions
{
    public static void Requires(this IEndpointConventionBuilder route, Permission permission) => route.Requires(_ => permission);

    public static void Requires(this IEndpointConventionBuilder route, Func<HttpRequest, Permission> permission) =>
        route.WithMetadata(new RequiredPermission(permission));
}
