using System.Net.Http.Headers;
using System.Text;
using Debyard.Server.Http;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Access.Authentication;

/// <summary>The secret of a request: a bearer token, or the password of HTTP Basic, as apt sends it.</summary>
static class Credentials
{
    // An id_token has 1 to 2 KB.
    const int MaxLength = 16 * 1024;

    /// <returns>Null if the request has no credentials.</returns>
    /// <exception cref="RefusedException">The credentials are malformed.</exception>
    public static string? Of(HttpRequest request)
    {
        var headers = request.Headers.Authorization;
        if (headers.Count == 0)
            return null;
        return
            headers is [{ Length: <= MaxLength } text]
            && AuthenticationHeaderValue.TryParse(text, out var header)
            && header.Parameter is { Length: > 0 } parameter
            && Secret(header.Scheme, parameter) is { } secret
            ? secret
            : throw new RefusedException(
                StatusCodes.Status401Unauthorized,
                "The Authorization header must be either Bearer TOKEN, or HTTP Basic with the token as password."
            );
    }

    static string? Secret(string scheme, string parameter) =>
        scheme.Equals("Bearer", StringComparison.OrdinalIgnoreCase) ? parameter
        : scheme.Equals("Basic", StringComparison.OrdinalIgnoreCase) ? Password(parameter)
        : null;

    static string? Password(string base64)
    {
        var bytes = new byte[base64.Length];
        return
            Convert.TryFromBase64String(base64, bytes, out var length)
            && Encoding.Latin1.GetString(bytes, 0, length) is var pair
            && pair.IndexOf(':', StringComparison.Ordinal) is >= 0 and var colon
            && pair[(colon + 1)..] is { Length: > 0 } password
            ? password
            : null;
    }
}
