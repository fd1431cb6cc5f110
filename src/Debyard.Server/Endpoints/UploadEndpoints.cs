using System.Diagnostics;
using Debyard.Debian.Names;
using Debyard.Protocol;
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

/// <summary>The upload protocol: probes, uploads, batches and deletes packages.</summary>
sealed class UploadEndpoints(BranchDirectory branches, Uploads uploads, Limits limits, TimeProvider time)
{
    public void Map(WebApplication app)
    {
        app.MapMethods("/{branch}/{file}.deb", ["GET", "HEAD"], Handler.Of(ProbeOrDownloadAsync))
            .Requires(request => IsProbe(request) ? Permission.Write : Permission.Read);
        app.MapPut("/{branch}/{file}.deb", Handler.Of(PutAsync)).Requires(Permission.Write);
        app.MapDelete("/{branch}/{file}.deb", Handler.Of(DeleteAsync)).Requires(Permission.Write);
        app.MapPut("/{branch}/{file}.udeb", Handler.Of(_ => Answers.Problem(422, UploadRecords.InstallerPackage)))
            .Requires(Permission.Write);
        app.MapPost("/{branch}/", Handler.Of(PostAsync)).Requires(Permission.Write);
    }

    async Task<IResult> ProbeOrDownloadAsync(HttpContext http)
    {
        var branch = await BranchAsync(http);
        var (suiteComponent, file) = (SuiteComponentOf(http), FileOf(http));
        if (!IsProbe(http.Request))
            return branch.Contents.Find(suiteComponent, file) is { } listed
                ? AptFile.Of(http.Request, branch.Folder, BranchFolder.Filename(suiteComponent, listed.Package), time)
                : NotListed(branch, suiteComponent, file);
        return Answer(
            branch,
            file,
            await uploads.ProbeAsync(branch, http.Writer(branch.Name), new Offer(suiteComponent, file, http.Announced()))
        );
    }

    async Task<IResult> PutAsync(HttpContext http)
    {
        var branch = await BranchAsync(http);
        var (suiteComponent, file, announced) = (SuiteComponentOf(http), FileOf(http), http.Announced());
        // Before the body is received.
        var writer = http.RequireWrite(branches, branch.Name, packages: [file.Name]);
        if (Uploads.TryAnswerEarly(branch, suiteComponent, file, announced) is { } certain)
            return Answer(branch, file, certain);
        using var upload = limits.BeginUpload();
        using var received = await uploads.ReceiveAsync(http.Request.Body, file, announced, http.RequestAborted);
        var offer = new Offer(suiteComponent, file, announced, received);
        return Answer(
            branch,
            file,
            http.Request.Query["publish"] == "later"
                ? await uploads.KeepAsync(branch, writer, offer)
                : await uploads.AddAsync(branch, writer, offer)
        );
    }

    async Task<IResult> PostAsync(HttpContext http)
    {
        var branch = await BranchAsync(http);
        var files = (await http.ReadAsync(ProtocolJson.Default.Batch))?.Files ?? [];
        var offers = files.Select(OfferOf).ToList();
        var outcomes = await uploads.AddAllAsync(branch, http.Writer(branch.Name), offers);
        return Answers.Json(
            new BatchAnswer(branch.Name.Value, [.. offers.Zip(outcomes, (offer, outcome) => AnswerOf(branch, offer.Name, outcome))]),
            ProtocolJson.Default.BatchAnswer
        );
    }

    async Task<IResult> DeleteAsync(HttpContext http)
    {
        // dupload deletes what it failed to upload, such as a file that was refused because the branch has its own of this name.
        if (http.Request.Headers.UserAgent.ToString().StartsWith("dupload/", StringComparison.Ordinal))
            return Answers.Problem(409, "dupload sends this request after a failed upload; to delete a package, use another client.");
        var branch = await BranchAsync(http);
        var (suiteComponent, file) = (SuiteComponentOf(http), FileOf(http));
        return await Uploads.DeleteAsync(branch, http.Writer(branch.Name), suiteComponent, file)
            ? Answers.Json(new DeletedAnswer(file.ToString(), "deleted"), ProtocolJson.Default.DeletedAnswer)
            : NotListed(branch, suiteComponent, file);
    }

    static Offer OfferOf(BatchFile? file) =>
        file is null
            ? throw new BadHttpRequestException("A file of the batch is null.")
            : new Offer(
                new SuiteComponent(
                    Suite.Parse(file.Suite ?? Suite.Default.Value),
                    Component.Parse(file.Component ?? Component.Default.Value)
                ),
                file.Name?.EndsWith(".udeb", StringComparison.Ordinal) == true
                    ? throw new InvalidUploadException(UploadRecords.InstallerPackage)
                    : DebFileName.Parse(file.Name!),
                AnnouncedDigests.Of(file.Size, file.Md5, file.Sha1, file.Sha256)
            );

    static IResult Answer(Branch branch, DebFileName file, OfferOutcome outcome)
    {
        return outcome switch
        {
            OfferOutcome.Present => Listed(200),
            OfferOutcome.Linked or OfferOutcome.Created => Listed(201),
            OfferOutcome.Missing => Answers.Problem(404, $"No branch has this content: send it with PUT /{branch.Name}/{file}."),
            OfferOutcome.Conflict => Answers.Problem(409, Conflict(branch, file)),
            _ => throw new UnreachableException(),
        };

        IResult Listed(int status) => Answers.Json(AnswerOf(branch, file, outcome), ProtocolJson.Default.FileAnswer, status);
    }

    static FileAnswer AnswerOf(Branch branch, DebFileName file, OfferOutcome outcome) =>
        new(file.ToString(), outcome.ToProtocol(), outcome == OfferOutcome.Conflict ? Conflict(branch, file) : null);

    static string Conflict(Branch branch, DebFileName file) =>
        $"{branch.Name} has its own {file} with other content; raise the version of {file.Name}, or upload the same content.";

    static IResult NotListed(Branch branch, SuiteComponent suiteComponent, DebFileName file) =>
        Answers.Problem(404, $"{branch.Name} has no {file} in {suiteComponent}.");

    Task<Branch> BranchAsync(HttpContext http) => branches.GetAsync(BranchName.Parse(http.Route("branch")));

    // From the path, because routing ignores case and would accept .DEB.
    static DebFileName FileOf(HttpContext http) => DebFileName.Parse(http.Request.Path.Value!.Split('/')[^1]);

    static SuiteComponent SuiteComponentOf(HttpContext http) =>
        new(
            http.Request.Query["suite"].FirstOrDefault() is { } suite ? Suite.Parse(suite) : Suite.Default,
            http.Request.Query["component"].FirstOrDefault() is { } component ? Component.Parse(component) : Component.Default
        );

    // A probe may link the file into the branch, so it needs write permission.
    static bool IsProbe(HttpRequest request) =>
        Header(request, HeaderNames.Sha256) is not null || Header(request, HeaderNames.Sha1) is not null;

    static string? Header(HttpRequest request, string name) =>
        request.Headers[name].FirstOrDefault() is { Length: > 0 } value ? value : null;
}
