using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>
/// The OpenAPI description of the protocol. It is written by hand, because a generator would more than double the start-up time. Tests
/// compare it with the server's routes and answers.
/// </summary>
static class OpenApiEndpoints
{
    public static void Map(WebApplication app) =>
        app.MapMethods("/openapi.json", ["GET", "HEAD"], Handler.Of(_ => TypedResults.Stream(Read(), "application/json")))
            .Requires(Permission.None);

    static Stream Read() => typeof(OpenApiEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
}
