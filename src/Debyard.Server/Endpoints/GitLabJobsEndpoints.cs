using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Hands out the jobs that projects include in their <c>.gitlab-ci.yml</c>: <c>include: remote</c>.</summary>
static class GitLabJobsEndpoints
{
    // RFC 9512.
    public static void Map(WebApplication app) =>
        app.MapGet("/gitlab.yml", Handler.Of(_ => TypedResults.Stream(Read(), "application/yaml"))).Requires(Permission.None);

    static Stream Read() => typeof(GitLabJobsEndpoints).Assembly.GetManifestResourceStream("gitlab.yml")!;
}
