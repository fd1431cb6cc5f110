using Debyard.Repository;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Rehashing on demand. It takes as long as the disk needs to read everything; the caller waits, others are served.</summary>
sealed class VerificationEndpoints(RepositoryRoot repository)
{
    public void Map(WebApplication app) => app.MapPost("/api/verify", Handler.Of(VerifyAsync)).Requires(Permission.Identified);

    // It is work for the whole machine, and its report may name any package: so it is for who may change the default branch and read them all.
    async Task<IResult> VerifyAsync(HttpContext http)
    {
        http.RequireWrite(repository, repository.Branches.Default);
        if (http.Readable(repository).Count < repository.Branches.Names().Count)
            throw new RefusedException(
                StatusCodes.Status403Forbidden,
                "A report may name packages of any branch: ask with a token that may read them all."
            );
        return TypedResults.Json(await repository.VerifyAsync(http.RequestAborted), OperatorJson.Default.VerificationReport);
    }
}
