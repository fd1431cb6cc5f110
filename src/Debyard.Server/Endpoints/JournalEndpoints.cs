using Debyard.Repository;
using Debyard.Repository.Identity;
using Debyard.Repository.Journal;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>
/// Lists the journal, the log of all changes to branches. Administrators see all of it, everybody else what happened to the branches that
/// they may read, without who did it.
/// </summary>
sealed class JournalEndpoints(RepositoryRoot repository)
{
    const int Page = 100,
        LargestPage = 1000;

    readonly SealedPositions positions = new();

    public void Map(WebApplication app) => app.MapGet("/api/journal", Handler.Of(Read)).Requires(Permission.Identified);

    IResult Read(HttpContext http)
    {
        var branch = http.Query("branch") is { } text ? BranchName.Parse(text) : (BranchName?)null;
        var limit = Math.Min(http.Limit(Page), LargestPage);
        var context = http.CallerContext();
        try
        {
            return TypedResults.Json(
                context.Caller.IsAdministrator
                    ? repository.Journal.Read(branch, limit, http.Query("before"))
                    : ReadPublic(context, branch, limit, http.Query("before")),
                OperatorJson.Default.JournalPage
            );
        }
        catch (FormatException exception)
        {
            throw new BadHttpRequestException(exception.Message);
        }
    }

    // The position is sealed, because the distance of two positions tells how much happened to branches that the caller may not read.
    JournalPage ReadPublic(CallerContext context, BranchName? branch, int limit, string? before)
    {
        var readable = new Dictionary<(string Branch, string? Ref), bool>();
        var page = repository.Journal.Read(branch, limit, before is null ? null : positions.Open(before), IsReadable);
        return new JournalPage([.. page.Entries.Select(WithoutCaller)], page.Next is { } next ? positions.Seal(next) : null);

        bool IsReadable(JournalEntry entry) => MayRead(entry.Branch, entry.Ref);

        JournalEntry WithoutCaller(JournalEntry entry) =>
            entry with
            {
                Who = null,
                Project = null,
                Address = null,
                From = entry.From is { } from && MayRead(from, null) ? from : null,
            };

        bool MayRead(string folder, string? gitRef) =>
            readable.TryGetValue((folder, gitRef), out var known)
                ? known
                : readable[(folder, gitRef)] = BranchName.TryParse(folder, out var name) && context.MayRead(Then(name, gitRef));
    }

    // The folder may be that of another ref by now.
    BranchIdentity Then(BranchName name, string? gitRef)
    {
        var now = repository.Branches.Identify(name);
        return gitRef is null || gitRef == now.Ref ? now : now with { Ref = gitRef, Owners = [] };
    }
}
