using System.Globalization;
using Debyard.Repository.Storage;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Files;

/// <summary>What an answer says of a branch's file beside its bytes.</summary>
sealed record FileHeaders(string ContentType, string CacheControl, string ETag, DateTimeOffset LastModified, long Length)
{
    readonly string lastModified = LastModified.ToString("R", CultureInfo.InvariantCulture);

    public static FileHeaders Of(PathString asked, string path, FileVersion version) =>
        new(
            TypeOf(path),
            IsImmutable(asked) ? "public, max-age=31536000, immutable" : "no-cache",
            ETagOf(path, version),
            version.Modified,
            version.Size
        );

    /// <summary>True for a GET of the whole file, without conditions.</summary>
    public static bool IsAllThatIsAsked(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers
            is { Range.Count: 0, IfNoneMatch.Count: 0, IfModifiedSince.Count: 0, IfMatch.Count: 0, IfUnmodifiedSince.Count: 0 };

    /// <summary>Says the same as ASP.NET does of a file that can be asked for in parts.</summary>
    public void ApplyTo(HttpResponse response)
    {
        var headers = response.Headers;
        headers.ContentLength = Length;
        headers.ContentType = ContentType;
        headers.AcceptRanges = "bytes";
        headers.CacheControl = CacheControl;
        headers.ETag = ETag;
        headers.LastModified = lastModified;
    }

    // What was asked for counts: these two kinds of address name their content, a package's plain name does not.
    static bool IsImmutable(PathString asked) =>
        asked.Value is { } url && (url.Contains("/pool/", StringComparison.Ordinal) || url.Contains("/by-hash/", StringComparison.Ordinal));

    static string ETagOf(string path, FileVersion version) =>
        path.Split('/') switch
        {
            [.., "by-hash", _, var sha256] => $"\"{sha256}\"",
            ["pool", .., var file] => $"\"{file.Split('_')[0]}\"",
            _ => string.Create(CultureInfo.InvariantCulture, $"\"{version.Modified.ToUnixTimeSeconds():x}-{version.Size:x}\""),
        };

    static string TypeOf(string path) =>
        Path.GetExtension(path) switch
        {
            ".deb" => "application/vnd.debian.binary-package",
            ".gz" => "application/gzip",
            ".xz" => "application/x-xz",
            ".gpg" => "application/pgp-signature",
            "" when !path.Contains("/by-hash/", StringComparison.Ordinal) => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
}
