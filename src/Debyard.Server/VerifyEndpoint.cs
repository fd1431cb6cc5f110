using Debyard.Repository;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server;

/// <summary>Rehashing on demand. It takes as long as the disk needs to read everything; the caller waits, others are served.</summary>
sealed class VerifyEndpoint(RepositoryRoot repository)
{
    public void Map(WebApplication app) => app.MapPost("/api/verify", Endpoint.Of(VerifyAsync)).Needs(Right.Name);

    async Task<IResult> VerifyAsync(HttpContext http)
    {
        // It names files of every branch and reads the whole disk: for who may write the branch that all others start from.
        http.Visit().RequireWrite(repository.DefaultBranch);
        return TypedResults.Json(await repository.VerifyAsync(http.RequestAborted), ProtocolJson.Default.VerificationReport);
    }
}
