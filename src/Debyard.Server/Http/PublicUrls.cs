using Debyard.Repository.Identity;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Http;

/// <summary>The URLs in answers: below the configured public URL, or else the host of the request.</summary>
sealed class PublicUrls(Uri? publicUrl)
{
    // Without the slash a relative URL would replace the last part of the configured path.
    readonly Uri? configured = publicUrl is { } url ? new Uri(url.AbsoluteUri.TrimEnd('/') + "/") : null;

    public Uri Root(HttpRequest request) => configured ?? new Uri($"{request.Scheme}://{Host(request)}/");

    public Uri Branch(HttpRequest request, BranchName branch) => new(Root(request), $"{branch}/");

    public Uri Sources(HttpRequest request, BranchName branch) => new(Root(request), $"{branch}.sources");

    // HTTP/1.0 requests may have no Host.
    static string Host(HttpRequest request) =>
        request.Host.HasValue
            ? request.Host.Value
            : $"{request.HttpContext.Connection.LocalIpAddress}:{request.HttpContext.Connection.LocalPort}";
}
