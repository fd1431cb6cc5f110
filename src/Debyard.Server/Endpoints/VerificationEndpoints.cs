using Debyard.Repository;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Verifies the repository on request. This reads every file and takes long; other requests are served meanwhile.</summary>
sealed class VerificationEndpoints(RepositoryRoot repository)
{
    public void Map(WebApplication app) => app.MapPost("/api/verify", Handler.Of(VerifyAsync)).Requires(Permission.Identified);

    // Verification loads the whole machine, and its report may name any package. The caller must therefore be allowed to write the default
    // branch and to read all branches.
    async Task<IResult> VerifyAsync(HttpContext http)
    {
        http.RequireWrite(repository, repository.Branches.Default);
        if (http.Readable(repository).Count < repository.Branches.Names().Count)
            throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "The report may name packages of any branch; use a token that may read all branches."
            );
        return TypedResults.Json(await repository.VerifyAsync(http.RequestAborted), OperatorJson.Default.VerificationReport);
    }
}
