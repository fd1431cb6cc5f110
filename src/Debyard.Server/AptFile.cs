using System.Globalization;
using Debyard.Repository;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Debyard.Server;

/// <summary>A branch's file as HTTP serves it: GET and HEAD, ranges, ETag, 304.</summary>
sealed class AptFile : IResult
{
    const string Immutable = "public, max-age=31536000, immutable";

    readonly FileStream content;
    readonly string path;

    AptFile(FileStream content, string path) => (this.content, this.path) = (content, path);

    /// <summary>The file at a path of the branch's folder; 404 where there is none for clients.</summary>
    public static IResult Of(Branch branch, string path) =>
        Open(branch.Folder.Served(path)) is { } content ? new AptFile(content, path) : Problem.Of(404, $"{branch.Name} has no file {path}.").ToResult();

    public async Task ExecuteAsync(HttpContext http)
    {
        // What is known of the file comes from the open handle: the name may be another file's already.
        await using (content)
        {
            http.Response.Headers.CacheControl = IsImmutable(http.Request.Path) ? Immutable : "no-cache";
            await TypedResults.Stream(content, ContentType, lastModified: LastModified, entityTag: new EntityTagHeaderValue(ETag), enableRangeProcessing: true)
                .ExecuteAsync(http);
        }
    }

    // What was asked for counts: these two kinds of address name their content, a package's plain name does not.
    static bool IsImmutable(PathString asked) =>
        asked.Value is { } url && (url.Contains("/pool/", StringComparison.Ordinal) || url.Contains("/by-hash/", StringComparison.Ordinal));

    DateTimeOffset LastModified => File.GetLastWriteTimeUtc(content.SafeFileHandle);

    string ETag => path.Split('/') switch
    {
        [.., "by-hash", _, var sha256] => $"\"{sha256}\"",
        ["pool", .., var sha256Start, _] => $"\"{sha256Start}\"",
        _ => string.Create(CultureInfo.InvariantCulture, $"\"{LastModified.ToUnixTimeSeconds():x}-{content.Length:x}\""),
    };

    string ContentType => Path.GetExtension(path) switch
    {
        ".deb" => "application/vnd.debian.binary-package",
        ".gz" => "application/gzip",
        ".xz" => "application/x-xz",
        ".gpg" => "application/pgp-signature",
        "" when !path.Contains("/by-hash/", StringComparison.Ordinal) => "text/plain; charset=utf-8",
        _ => "application/octet-stream",
    };

    static FileStream? Open(string? file)
    {
        try
        {
            return file is null || !File.Exists(file) ? null
                : new FileStream(file, new FileStreamOptions { BufferSize = 0, Options = FileOptions.Asynchronous, Share = FileShare.ReadWrite | FileShare.Delete });
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
