using Debyard.Repository;
using Debyard.Server.Access.Authorization;
using Debyard.Server.GitLab;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;

namespace Debyard.Server.Endpoints;

/// <summary>Health checks: whether the server runs, and whether it can publish.</summary>
sealed class HealthEndpoints(RepositoryRoot repository, GitLabStatus? gitLab, TimeProvider time)
{
    static readonly string[] read = ["GET", "HEAD"];
    static readonly TimeSpan holds = TimeSpan.FromSeconds(5);

    readonly Lock asking = new();
    Task<string?> defect = Task.FromResult<string?>(null);
    DateTimeOffset askAgain = DateTimeOffset.MinValue;

    public void Map(IEndpointRouteBuilder app)
    {
        app.MapMethods("/healthz", read, Handler.Of(_ => TypedResults.Text("ok\n"))).Requires(Permission.None);
        app.MapMethods("/readyz", read, Handler.Of(ReadyAsync)).Requires(Permission.None);
    }

    async Task<IResult> ReadyAsync(HttpContext http) =>
        await DefectAsync() is { } defect ? Answers.Problem(503, defect) : TypedResults.Text($"ready\n{Warnings()}");

    // What is wrong with GitLab does not keep apt's clients away.
    string Warnings() => string.Concat((gitLab?.Warnings() ?? []).Select(warning => $"warning: {warning}\n"));

    // A signature costs more than a request, so there is at most one in five seconds.
    Task<string?> DefectAsync()
    {
        lock (asking)
        {
            if (time.GetUtcNow() >= askAgain)
                (defect, askAgain) = (repository.FindDefectAsync(), time.GetUtcNow() + holds);
            return defect;
        }
    }
}
