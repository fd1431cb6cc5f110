using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Debyard.Debian.Names;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Storage;
using Debyard.Repository.Validation;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>Verdicts of validation, and the plans that packages carry.</summary>
sealed class ValidationEndpoints(RepositoryRoot repository)
{
    public void Map(WebApplication app)
    {
        const string verdicts = "/api/branches/{branch}/verdicts";
        app.MapGet(verdicts, Handler.Of(ListVerdictsAsync)).Requires(Permission.Read);
        app.MapGet(verdicts + "/{fingerprint}", Handler.Of(FindVerdictAsync)).Requires(Permission.Read);
        app.MapPut(verdicts + "/{fingerprint}", Handler.Of(RecordVerdictAsync)).Requires(Permission.Write);
        app.MapGet("/api/branches/{branch}/plans", Handler.Of(ListPlansAsync)).Requires(Permission.Read);
        app.MapPut("/api/branches/{branch}/plans/{sha256}", Handler.Of(RecordPlanAsync)).Requires(Permission.Write);
    }

    async Task<IResult> RecordVerdictAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        var verdict = await http.ReadAsync(ProtocolJson.Default.Verdict);
        if (verdict?.Fingerprint != http.Route("fingerprint"))
            throw new BadHttpRequestException("The fingerprint in the body is not that of the address.");
        if (verdict.Packages is not { Count: > 0 } packages)
            throw new InvalidUploadException("The verdict names no packages.");
        // Throws if one has no valid name or digest.
        _ = packages.Concat(verdict.Installed ?? []).Select(Parse).ToList();
        repository.Verdicts.Record(
            branch,
            verdict.Fingerprint!,
            JsonSerializer.SerializeToUtf8Bytes(verdict, ProtocolJson.Default.Verdict)
        );
        return Answers.Json(Answer(branch, new(branch.Name, []), verdict), ProtocolJson.Default.VerdictAnswer);
    }

    async Task<IResult> FindVerdictAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        var fingerprint = http.Route("fingerprint");
        return
            await repository.Verdicts.FindAsync(branch, fingerprint, http.CallerContext().MayRead) is { } document
            && Read(document.Content, ProtocolJson.Default.Verdict) is { } verdict
            ? Answers.Json(Answer(branch, document, verdict), ProtocolJson.Default.VerdictAnswer)
            : Answers.Problem(404, $"{branch.Name} has no verdict {fingerprint}, nor has a trusted branch.");
    }

    async Task<IResult> ListVerdictsAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        var sha256 = http.Query("sha256");
        var verdicts = repository
            .Verdicts.Of(branch)
            .Select(content => Read(content, ProtocolJson.Default.Verdict))
            .OfType<Verdict>()
            .Where(verdict => sha256 is null || verdict.Packages!.Any(file => file?.Sha256 == sha256))
            .Take(http.Limit(otherwise: 100))
            .Select(verdict => Answer(branch, new(branch.Name, []), verdict));
        return Answers.Json(new VerdictList([.. verdicts]), ProtocolJson.Default.VerdictList);
    }

    async Task<IResult> RecordPlanAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        var sha256 = Sha256.Parse(http.Route("sha256"));
        if (await http.ReadAsync(ProtocolJson.Default.CarriedPlan) is not { Product: { Length: > 0 }, Plan: { Length: > 0 } } plan)
            throw new InvalidUploadException("The body lacks the product or its plan.");
        repository.Plans.Record(branch, sha256, JsonSerializer.SerializeToUtf8Bytes(plan, ProtocolJson.Default.CarriedPlan));
        return Answers.Json(plan with { Files = null }, ProtocolJson.Default.CarriedPlan);
    }

    async Task<IResult> ListPlansAsync(HttpContext http)
    {
        var branch = await repository.Branches.RequireAsync(http.Route("branch"));
        var plans =
            from carried in await repository.Plans.OfAsync(branch, http.CallerContext().MayRead)
            let plan = Read(carried.Plan.Content, ProtocolJson.Default.CarriedPlan)
            where plan is not null
            select new CarriedPlanEntry(
                carried.Package.FileName.ToString(),
                carried.Package.Digests.Sha256.ToString(),
                carried.Plan.Branch.Value,
                plan
            );
        return Answers.Json(new CarriedPlanList([.. plans]), ProtocolJson.Default.CarriedPlanList);
    }

    static VerdictAnswer Answer(Branch branch, BranchDocument document, Verdict verdict) =>
        new(
            verdict,
            document.Branch.Value,
            [.. VerdictStore.ChangedSince(branch, (verdict.Installed ?? []).Where(file => file!.Branch).Select(Parse))]
        );

    static (DebFileName Name, Sha256 Sha256) Parse(VerdictFile? file) =>
        (DebFileName.Parse(file?.Name ?? ""), Sha256.Parse(file?.Sha256 ?? ""));

    // A damaged record counts as none: validating again replaces it.
    static T? Read<T>(byte[] content, JsonTypeInfo<T> type)
        where T : class
    {
        try
        {
            return JsonSerializer.Deserialize(content, type);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
