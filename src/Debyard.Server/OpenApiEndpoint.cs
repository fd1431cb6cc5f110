using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server;

/// <summary>The protocol for machines. Kept by hand, for a generator would cost the start more than the rest; the tests hold it to what the server does.</summary>
static class OpenApiEndpoint
{
    public static void Map(WebApplication app) =>
        app.MapGet("/openapi.json", Endpoint.Of(_ => TypedResults.Stream(Read(), "application/json"))).Needs(Right.Nothing);

    static Stream Read() => typeof(OpenApiEndpoint).Assembly.GetManifestResourceStream("openapi.json")!;
}
