using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server;

/// <summary>What a request needs of its caller.</summary>
enum Right
{
    /// <summary>Nothing, not even a look at its token.</summary>
    Nothing,

    /// <summary>To be known: the endpoint itself decides by <see cref="Visit"/>.</summary>
    Name,

    /// <summary>To read the branch of the route; where it may not, the branch is as unknown as one that does not exist.</summary>
    Read,

    /// <summary>To write the branch of the route.</summary>
    Write,
}

/// <summary>A route's declaration of what it needs. A route without one is for nobody, where anybody is asked at all.</summary>
sealed record Need(Func<HttpRequest, Right> Of);

static class NeedExtensions
{
    public static void Needs(this IEndpointConventionBuilder route, Right right) => route.Needs(_ => right);

    public static void Needs(this IEndpointConventionBuilder route, Func<HttpRequest, Right> right) => route.WithMetadata(new Need(right));
}
