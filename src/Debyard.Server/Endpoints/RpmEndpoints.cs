using System.Globalization;
using Debyard.Debian.Names;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Repository.Rpm;
using Debyard.Repository.Storage;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Files;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Endpoints;

/// <summary>The rpm repository of each branch: uploads, and downloads for dnf, yum and zypper.</summary>
sealed class RpmEndpoints(RepositoryRoot repository, PublicUrls urls, Limits limits, TimeProvider time)
{
    public void Map(WebApplication app)
    {
        app.MapMethods("/{branch}/rpm/{**path}", ["GET", "HEAD"], Handler.Of(DownloadAsync)).Requires(Permission.Read);
        app.MapPut("/{branch}/rpm/{file}.rpm", Handler.Of(PutAsync)).Requires(Permission.Write);
        app.MapDelete("/{branch}/rpm/{file}.rpm", Handler.Of(DeleteAsync)).Requires(Permission.Write);
        app.MapPost("/{branch}/rpm/", Handler.Of(PostAsync)).Requires(Permission.Write);
    }

    async Task<IResult> DownloadAsync(HttpContext http)
    {
        if (
            !BranchName.TryParse(http.Route("branch"), out var branch)
            || await repository.Branches.FindFolderAsync(branch) is not { } folder
        )
            throw BranchMissingException.For(http.Route("branch"));
        var (rpms, path) = (new RpmFolder(folder), http.Route("path"));
        var address = new Uri(urls.Branch(http.Request, branch), $"{RpmFolder.Name}/");
        return path switch
        {
            "debyard.repo" => Text(http, Configuration(branch, address)),
            "key.asc" => Text(http, repository.RpmKey.ArmouredPublicKey),
            "mirrorlist" when rpms.All() is [var current, ..] => Text(
                http,
                string.Create(CultureInfo.InvariantCulture, $"{address}{current}/\n")
            ),
            _ when rpms.Find(path) is { } file => AptFile.Of(http.Request, folder, file, time),
            _ => Answers.Problem(
                404,
                rpms.All().Count == 0 ? $"{branch} has no rpms yet." : $"{branch} has no file {path} in its rpm repository."
            ),
        };
    }

    async Task<IResult> PutAsync(HttpContext http)
    {
        var (branch, name) = (await BranchAsync(http), NameOf(http));
        var announced = http.Announced();
        using var upload = limits.BeginUpload();
        var outcome = await repository.RpmUploads.ReceiveAsync(
            branch,
            http.RequireWrite(repository.Branches, branch.Name, packages: [name.Package]),
            name,
            announced,
            http.Request.Body,
            http.RequestAborted
        );
        return outcome == OfferOutcome.Conflict
            ? Answers.Problem(409, Conflict(branch, name))
            : Answers.Json(AnswerOf(branch, name, outcome), ProtocolJson.Default.FileAnswer, outcome == OfferOutcome.Created ? 201 : 200);
    }

    async Task<IResult> PostAsync(HttpContext http)
    {
        var branch = await BranchAsync(http);
        var offers = ((await http.ReadAsync(ProtocolJson.Default.RpmBatch))?.Files ?? []).Select(OfferOf).ToList();
        var writer = http.RequireWrite(repository.Branches, branch.Name, packages: [.. offers.Select(offer => offer.Name.Package)]);
        var outcomes = await repository.RpmUploads.OfferAsync(branch, writer, offers);
        return Answers.Json(
            new BatchAnswer(branch.Name.Value, [.. offers.Zip(outcomes, (offer, outcome) => AnswerOf(branch, offer.Name, outcome))]),
            ProtocolJson.Default.BatchAnswer
        );
    }

    async Task<IResult> DeleteAsync(HttpContext http)
    {
        var (branch, name) = (await BranchAsync(http), NameOf(http));
        var writer = http.RequireWrite(repository.Branches, branch.Name, packages: [name.Package]);
        return await repository.RpmUploads.DeleteAsync(branch, writer, name)
            ? Answers.Json(new DeletedAnswer(name.ToString(), "deleted"), ProtocolJson.Default.DeletedAnswer)
            : Answers.Problem(404, $"{branch.Name} has no {name}.");
    }

    // The mirror list leads to one generation, so that a publish between two requests of a client does not mix two of them.
    static string Configuration(BranchName branch, Uri address) =>
        $"""
            [debyard-{branch}]
            name=Debyard {branch}
            mirrorlist={address}mirrorlist
            gpgkey={address}key.asc
            gpgcheck=1
            repo_gpgcheck=1
            metadata_expire=60

            """;

    static IResult Text(HttpContext http, string text)
    {
        http.Response.Headers.CacheControl = "no-cache";
        return TypedResults.Text(text, "text/plain; charset=utf-8");
    }

    static RpmOffer OfferOf(RpmBatchFile? file) =>
        file is null
            ? throw new BadHttpRequestException("A file of the batch is null.")
            : new RpmOffer(
                RpmFileName.Parse(file.Name),
                Sha256.TryParse(file.Sha256, out var sha256)
                    ? sha256
                    : throw new InvalidUploadException($"{file.Name}: sha256 must be 64 hexadecimal digits.")
            );

    static FileAnswer AnswerOf(Branch branch, RpmFileName name, OfferOutcome outcome) =>
        new(name.ToString(), outcome.ToProtocol(), outcome == OfferOutcome.Conflict ? Conflict(branch, name) : null);

    static string Conflict(Branch branch, RpmFileName name) =>
        $"{branch.Name} has its own {name} with other content; raise its version or release, or upload the same content.";

    Task<Branch> BranchAsync(HttpContext http) => repository.Branches.GetAsync(BranchName.Parse(http.Route("branch")));

    // From the path, because routing ignores case and would accept .RPM.
    static RpmFileName NameOf(HttpContext http) => RpmFileName.Parse(http.Request.Path.Value!.Split('/')[^1]);
}
