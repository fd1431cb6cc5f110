using System.Globalization;
using Debyard.Repository.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;

namespace Debyard.Server.Files;

/// <summary>The headers of a branch's file, and its answers to conditional requests.</summary>
/// <remarks>
/// HTTP dates have whole seconds, and two publishes can share one. So a date identifies a version only after the file has settled: until
/// then
/// <c>Last-Modified</c> says an earlier second, which no later version of the file will have, and a date alone gets no 304. Dates are
/// compared
/// for equality, as RFC 9110 13.1.3 permits, because the clock of a server may have been set back. The ETag needs no such care.
/// </remarks>
sealed record FileHeaders(string ContentType, string CacheControl, string ETag, DateTimeOffset Modified, long Length)
{
    // Longer than a publish takes from the file's time to the switch that shows it to clients.
    static readonly TimeSpan settling = TimeSpan.FromSeconds(5);

    readonly string modified = Modified.ToString("R", CultureInfo.InvariantCulture);

    public static FileHeaders Of(PathString requested, string path, FileVersion version) =>
        new(
            TypeOf(path),
            IsImmutable(requested) ? "public, max-age=31536000, immutable" : "no-cache",
            ETagOf(path, version),
            WholeSeconds(version.Modified),
            version.Size
        );

    /// <summary>Removes conditions that do not hold for this file, so that what remains can be answered by the general rules.</summary>
    public void ResolveConditions(HttpRequest request, DateTimeOffset now)
    {
        var headers = request.Headers;
        // RFC 9110, 13.2.2: If-None-Match takes precedence.
        if (headers.IfModifiedSince.Count > 0 && (headers.IfNoneMatch.Count > 0 || !IsDateOfThis(headers.IfModifiedSince, now)))
            headers.Remove(HeaderNames.IfModifiedSince);
        // RFC 9110, 13.1.5: without an exact match the whole file is sent.
        if (headers.IfRange.Count > 0 && !IsETagOfThis(headers.IfRange) && !IsDateOfThis(headers.IfRange, now))
            headers.Remove(HeaderNames.Range);
    }

    /// <summary>True for a GET of the whole file without conditions.</summary>
    public static bool IsForWholeFile(HttpRequest request) =>
        HttpMethods.IsGet(request.Method)
        && request.Headers
            is { Range.Count: 0, IfNoneMatch.Count: 0, IfModifiedSince.Count: 0, IfMatch.Count: 0, IfUnmodifiedSince.Count: 0 };

    /// <summary>Sets the same headers as ASP.NET does for a file that supports ranges.</summary>
    public void ApplyTo(HttpResponse response, DateTimeOffset now)
    {
        var headers = response.Headers;
        headers.ContentLength = Length;
        headers.ContentType = ContentType;
        headers.AcceptRanges = "bytes";
        headers.CacheControl = CacheControl;
        headers.ETag = ETag;
        headers.LastModified = IsSettled(now) ? modified : LastModified(now).ToString("R", CultureInfo.InvariantCulture);
    }

    public DateTimeOffset LastModified(DateTimeOffset now) => IsSettled(now) ? Modified : WholeSeconds(Latest(now));

    bool IsSettled(DateTimeOffset now) => Modified <= Latest(now);

    // What an immutable address serves has one version only.
    DateTimeOffset Latest(DateTimeOffset now) => CacheControl == "no-cache" ? now - settling : now;

    bool IsETagOfThis(string? value) => value == ETag;

    bool IsDateOfThis(string? value, DateTimeOffset now) =>
        IsSettled(now) && HeaderUtilities.TryParseDate(value, out var date) && date == Modified;

    static DateTimeOffset WholeSeconds(DateTimeOffset time) => new(time.UtcTicks - time.UtcTicks % TimeSpan.TicksPerSecond, TimeSpan.Zero);

    // The requested path matters: paths in these two folders name their content, a package's plain name does not.
    static bool IsImmutable(PathString requested) =>
        requested.Value is { } url
        && (url.Contains("/pool/", StringComparison.Ordinal) || url.Contains("/by-hash/", StringComparison.Ordinal));

    // The time of change has nanoseconds and cannot be set: it differs for two publishes of one size in the same second.
    static string ETagOf(string path, FileVersion version) =>
        path.Split('/') switch
        {
            [.., "by-hash", _, var sha256] => $"\"{sha256}\"",
            ["pool", .., var file] => $"\"{file.Split('_')[0]}\"",
            _ => string.Create(CultureInfo.InvariantCulture, $"\"{version.Changed.UtcTicks:x}-{version.Size:x}\""),
        };

    static string TypeOf(string path) =>
        Path.GetExtension(path) switch
        {
            ".deb" => "application/vnd.debian.binary-package",
            ".rpm" => "application/x-rpm",
            ".xml" => "application/xml",
            ".gz" => "application/gzip",
            ".xz" => "application/x-xz",
            ".gpg" or ".asc" => "application/pgp-signature",
            "" when !path.Contains("/by-hash/", StringComparison.Ordinal) => "text/plain; charset=utf-8",
            _ => "application/octet-stream",
        };
}
