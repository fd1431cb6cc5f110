using Debyard.Repository.Identity;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Http;

/// <summary>The URLs that answers name: by the host that was asked for, or the one configured.</summary>
sealed class PublicUrls(Uri? publicUrl)
{
    // Without the slash the last part of a configured path would be replaced, not followed.
    readonly Uri? configured = publicUrl is { } url ? new Uri(url.AbsoluteUri.TrimEnd('/') + "/") : null;

    public Uri Root(HttpRequest request) => configured ?? new Uri($"{request.Scheme}://{Host(request)}/");

    public Uri Branch(HttpRequest request, BranchName branch) => new(Root(request), $"{branch}/");

    public Uri Sources(HttpRequest request, BranchName branch) => new(Root(request), $"{branch}.sources");

    // HTTP/1.0 may say no host.
    static string Host(HttpRequest request) =>
        request.Host.HasValue
            ? request.Host.Value
            : $"{request.HttpContext.Connection.LocalIpAddress}:{request.HttpContext.Connection.LocalPort}";
}
