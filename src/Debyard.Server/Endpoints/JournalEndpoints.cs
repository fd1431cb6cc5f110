using Debyard.Repository;
using Debyard.Repository.Identity;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Lists the journal, the log of all changes to branches.</summary>
sealed class JournalEndpoints(RepositoryRoot repository)
{
    const int Page = 100,
        LargestPage = 1000;

    public void Map(WebApplication app) => app.MapGet("/api/journal", Handler.Of(ReadAsync)).Requires(Permission.Identified);

    async Task<IResult> ReadAsync(HttpContext http)
    {
        var branch = http.Query("branch") is { } text ? BranchName.Parse(text) : (BranchName?)null;
        try
        {
            var page = repository.Journal.Read(branch, Math.Min(http.Limit(Page), LargestPage), http.Query("before"));
            var readable = new Dictionary<string, bool>();
            foreach (var name in page.Entries.SelectMany(entry => new[] { entry.Branch, entry.From }).OfType<string>().Distinct())
                readable[name] = BranchName.TryParse(name, out var branchName) && http.CallerContext().MayRead(repository, branchName);
            return TypedResults.Json(
                page with
                {
                    Entries =
                    [
                        .. page
                            .Entries.Where(entry => readable[entry.Branch])
                            .Select(entry => entry.From is { } from && !readable[from] ? entry with { From = null } : entry),
                    ],
                },
                OperatorJson.Default.JournalPage
            );
        }
        catch (FormatException exception)
        {
            throw new BadHttpRequestException(exception.Message);
        }
    }
}
