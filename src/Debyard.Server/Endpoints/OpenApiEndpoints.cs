using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>The protocol for machines. Kept by hand, for a generator would cost the start more than the rest; the tests hold it to what the server does.</summary>
static class OpenApiEndpoints
{
    public static void Map(WebApplication app) =>
        app.MapGet("/openapi.json", Handler.Of(_ => TypedResults.Stream(Read(), "application/json"))).Requires(Permission.None);

    static Stream Read() => typeof(OpenApiEndpoints).Assembly.GetManifestResourceStream("openapi.json")!;
}
