using System.Globalization;
using System.IO.Enumeration;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Debyard.Protocol;
using Debyard.Repository.Storage;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Debyard.Server.Http;

static class HttpContextExtensions
{
    const int MaxJsonBytes = 32 * 1024 * 1024;

    public static string Route(this HttpContext http, string name) => (string?)http.Request.RouteValues[name] ?? "";

    /// <summary>The query parameter; null if it is absent or empty.</summary>
    public static string? Query(this HttpContext http, string name) =>
        http.Request.Query[name].FirstOrDefault() is { Length: > 0 } text ? text : null;

    /// <summary>The query parameter <c>limit</c>: the maximum number of entries.</summary>
    /// <exception cref="BadHttpRequestException">It is not a positive number.</exception>
    public static int Limit(this HttpContext http, int otherwise) =>
        http.Query("limit") is not { } text ? otherwise
        : int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var limit) && limit > 0 ? limit
        : throw new BadHttpRequestException($"limit={text} is invalid; it must be a number of entries, at least 1.");

    /// <summary>True if the text matches the query parameter, a pattern with * and ?, or if the parameter is absent.</summary>
    public static bool Asks(this HttpContext http, string name, string text) =>
        http.Query(name) is not { } pattern || FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    /// <summary>The digests and the size that the request's headers announce.</summary>
    /// <exception cref="InvalidUploadException">One of them is malformed.</exception>
    public static AnnouncedDigests Announced(this HttpContext http)
    {
        return AnnouncedDigests.Of(
            Header(HeaderNames.Size) is not { } size ? null
                : long.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var bytes) ? bytes
                : throw new InvalidUploadException($"{HeaderNames.Size} '{size}' is not a size in bytes."),
            Header(HeaderNames.Md5),
            Header(HeaderNames.Sha1),
            Header(HeaderNames.Sha256)
        );

        string? Header(string name) => http.Request.Headers[name].FirstOrDefault() is { Length: > 0 } value ? value : null;
    }

    /// <summary>The request body; null if there is none.</summary>
    /// <exception cref="BadHttpRequestException">It is not the expected JSON.</exception>
    public static async Task<T?> ReadAsync<T>(this HttpContext http, JsonTypeInfo<T> type)
        where T : class
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MaxJsonBytes;
        if (http.Request.ContentLength == 0 || http.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: false })
            return null;
        try
        {
            return await JsonSerializer.DeserializeAsync(http.Request.Body, type, http.RequestAborted);
        }
        catch (JsonException fault)
        {
            throw new BadHttpRequestException(
                $"The request body is not the expected JSON: {fault.Message}",
                StatusCodes.Status400BadRequest,
                fault
            );
        }
    }
}
