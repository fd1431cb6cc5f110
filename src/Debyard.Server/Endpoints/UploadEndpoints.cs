using System.Diagnostics;
using System.Globalization;
using Debyard.Debian.Names;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Storage;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Files;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>The upload protocol: probe, upload, batch.</summary>
sealed class UploadEndpoints(RepositoryRoot repository, Limits limits, TimeProvider time)
{
    const string InstallerPackage = "A .udeb is a package of the Debian installer's; branches hold packages for apt only.";

    public void Map(WebApplication app)
    {
        app.MapMethods("/{branch}/{file}.deb", ["GET", "HEAD"], Handler.Of(ProbeOrDownloadAsync))
            .Requires(request => IsProbe(request) ? Permission.Write : Permission.Read);
        app.MapPut("/{branch}/{file}.deb", Handler.Of(PutAsync)).Requires(Permission.Write);
        app.MapDelete("/{branch}/{file}.deb", Handler.Of(DeleteAsync)).Requires(Permission.Write);
        app.MapPut("/{branch}/{file}.udeb", Handler.Of(_ => Answers.Problem(422, InstallerPackage))).Requires(Permission.Write);
        app.MapPost("/{branch}/", Handler.Of(PostAsync)).Requires(Permission.Write);
    }

    async Task<IResult> ProbeOrDownloadAsync(HttpContext http)
    {
        var branch = await BranchAsync(http);
        var (place, file) = (PlaceOf(http), FileOf(http));
        if (!IsProbe(http.Request))
            return branch.Contents.Find(place, file) is { } listed
                ? AptFile.Of(http.Request, branch.Folder, BranchFolder.Filename(place, listed.Package), time)
                : Answers.Problem(404, $"{branch.Name} has no {file} in {place}.");
        return Answer(branch, file, await branch.ProbeAsync(http.Writer(), new Offer(place, file, Claimed(http))));
    }

    async Task<IResult> PutAsync(HttpContext http)
    {
        var branch = await BranchAsync(http);
        var (place, file, claimed) = (PlaceOf(http), FileOf(http), Claimed(http));
        if (branch.TryAnswerEarly(place, file, claimed) is { } certain)
            return Answer(branch, file, certain);
        using var upload = limits.BeginUpload();
        using var received = await repository.ReceiveAsync(http.Request.Body, file, claimed, http.RequestAborted);
        var offer = new Offer(place, file, claimed, received);
        return Answer(
            branch,
            file,
            http.Request.Query["publish"] == "later"
                ? await branch.KeepAsync(http.Writer(), offer)
                : await branch.AddAsync(http.Writer(), offer)
        );
    }

    async Task<IResult> PostAsync(HttpContext http)
    {
        var branch = await BranchAsync(http);
        var files = (await http.ReadAsync(ProtocolJson.Default.Batch))?.Files ?? [];
        var offers = files.Select(OfferOf).ToList();
        var outcomes = await branch.AddAsync(http.Writer(), offers);
        return TypedResults.Json(
            new BatchAnswer(
                branch.Name.Value,
                [
                    .. offers.Zip(
                        outcomes,
                        (offer, outcome) =>
                            new FileAnswer(
                                offer.Name.ToString(),
                                outcome.ToProtocol(),
                                outcome == OfferOutcome.Conflict ? Conflict(branch, offer.Name) : null
                            )
                    ),
                ]
            ),
            ProtocolJson.Default.BatchAnswer
        );
    }

    async Task<IResult> DeleteAsync(HttpContext http)
    {
        var branch = await BranchAsync(http);
        var (place, file) = (PlaceOf(http), FileOf(http));
        return await branch.DeleteAsync(http.Writer(), place, file)
            ? TypedResults.Json(new DeletedAnswer(file.ToString(), "deleted"), ProtocolJson.Default.DeletedAnswer)
            : Answers.Problem(404, $"{branch.Name} has no {file} in {place}.");
    }

    static Offer OfferOf(BatchFile? file) =>
        file is null
            ? throw new BadHttpRequestException("The batch has a file that is null.")
            : new Offer(
                new SuiteComponent(
                    Suite.Parse(file.Suite ?? Suite.Default.Value),
                    Component.Parse(file.Component ?? Component.Default.Value)
                ),
                file.Name?.EndsWith(".udeb", StringComparison.Ordinal) == true
                    ? throw new InvalidUploadException(InstallerPackage)
                    : DebFileName.Parse(file.Name!),
                ClaimedDigests.Of(file.Size, file.Md5, file.Sha1, file.Sha256)
            );

    static IResult Answer(Branch branch, DebFileName file, OfferOutcome outcome)
    {
        return outcome switch
        {
            OfferOutcome.Present => Listed(200),
            OfferOutcome.Linked or OfferOutcome.Created => Listed(201),
            OfferOutcome.Missing => Answers.Problem(404, $"No branch has these bytes: send them with PUT /{branch.Name}/{file}."),
            OfferOutcome.Conflict => Answers.Problem(409, Conflict(branch, file)),
            _ => throw new UnreachableException(),
        };

        IResult Listed(int status) =>
            TypedResults.Json(new FileAnswer(file.ToString(), outcome.ToProtocol()), ProtocolJson.Default.FileAnswer, statusCode: status);
    }

    static string Conflict(Branch branch, DebFileName file) =>
        $"{branch.Name} has its own {file} with other content; raise the version of {file.Name}, or upload exactly the bytes it has.";

    Task<Branch> BranchAsync(HttpContext http) => repository.BranchAsync(BranchName.Parse(http.Route("branch")));

    // Routing takes .DEB for .deb; it is another name.
    static DebFileName FileOf(HttpContext http) => DebFileName.Parse(http.Request.Path.Value!.Split('/')[^1]);

    static SuiteComponent PlaceOf(HttpContext http) =>
        new(
            http.Request.Query["suite"].FirstOrDefault() is { } suite ? Suite.Parse(suite) : Suite.Default,
            http.Request.Query["component"].FirstOrDefault() is { } component ? Component.Parse(component) : Component.Default
        );

    // A probe may link, and so it writes.
    static bool IsProbe(HttpRequest request) =>
        Header(request, HeaderNames.Sha256) is not null || Header(request, HeaderNames.Sha1) is not null;

    static ClaimedDigests Claimed(HttpContext http) =>
        ClaimedDigests.Of(
            Header(http.Request, HeaderNames.Size) is not { } size ? null
                : long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes
                : throw new InvalidUploadException($"X-Size '{size}' is no size in bytes."),
            Header(http.Request, HeaderNames.Md5),
            Header(http.Request, HeaderNames.Sha1),
            Header(http.Request, HeaderNames.Sha256)
        );

    static string? Header(HttpRequest request, string name) =>
        request.Headers[name].FirstOrDefault() is { Length: > 0 } value ? value : null;
}
