using Debyard.Debian.Uploads;
using Debyard.Protocol;
using Debyard.Repository;
using Debyard.Repository.Branches;
using Debyard.Repository.Identity;
using Debyard.Repository.Operations;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Debyard.Server.Endpoints;

/// <summary>
/// What dput, dput-ng and dupload send besides packages: .changes and .buildinfo files, and source packages, which are refused.
/// </summary>
sealed class ChangesEndpoints(RepositoryRoot repository)
{
    public void Map(WebApplication app)
    {
        foreach (var record in new[] { "/{branch}/{file}.changes", "/{branch}/{file}.buildinfo" })
        {
            app.MapMethods(record, ["GET", "HEAD"], Handler.Of(DownloadAsync)).Requires(Permission.Read);
            app.MapPut(record, Handler.Of(PutAsync)).Requires(Permission.Write);
        }
        foreach (var source in new[] { "/{branch}/{file}.dsc", "/{branch}/{file}.diff.gz", "/{branch}/{file}.tar.{compression}" })
            app.MapPut(source, Handler.Of(_ => Answers.Problem(422, UploadRecords.SourcePackage))).Requires(Permission.Write);
    }

    async Task<IResult> PutAsync(HttpContext http)
    {
        var branch = await repository.Branches.GetAsync(BranchName.Parse(http.Route("branch")));
        var name = NameOf(http);
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = UploadRecords.MaxSize;
        using var content = new MemoryStream();
        await http.Request.Body.CopyToAsync(content, http.RequestAborted);
        var isNew = await repository.UploadRecords.KeepAsync(branch, http.Writer(branch.Name), name, content.ToArray());
        return Answers.Json(
            new FileAnswer(name.ToString(), isNew ? FileOutcome.Created : FileOutcome.Present),
            ProtocolJson.Default.FileAnswer,
            isNew ? StatusCodes.Status201Created : StatusCodes.Status200OK
        );
    }

    async Task<IResult> DownloadAsync(HttpContext http)
    {
        var name = NameOf(http);
        if (
            !BranchName.TryParse(http.Route("branch"), out var branch)
            || await repository.Branches.FindFolderAsync(branch) is not { } folder
        )
            throw BranchMissingException.For(http.Route("branch"));
        http.Response.Headers.CacheControl = "no-cache";
        return await UploadRecords.FindAsync(folder, name) is { } content
            ? TypedResults.Bytes(content, "text/plain; charset=utf-8")
            : Answers.Problem(404, $"{branch} has no {name}.");
    }

    // From the path, because routing ignores case and would take .CHANGES for .changes.
    static UploadRecordName NameOf(HttpContext http) => UploadRecordName.Parse(http.Request.Path.Value!.Split('/')[^1]);
}
