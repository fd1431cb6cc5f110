using Debyard.Repository;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Verifies the repository on request. This reads every file and takes long; other requests are served meanwhile.</summary>
sealed class VerificationEndpoints(RepositoryRoot repository)
{
    // Verification loads the whole machine, and its report may name any package.
    public void Map(WebApplication app) => app.MapPost("/api/verify", Handler.Of(VerifyAsync)).Requires(Permission.Administer);

    async Task<IResult> VerifyAsync(HttpContext http) =>
        TypedResults.Json(await repository.VerifyAsync(http.RequestAborted), OperatorJson.Default.VerificationReport);
}
