using Debyard.Repository;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server;

/// <summary>The URLs that answers name: by the host that was asked for, or the one configured.</summary>
sealed class Addresses(ServerOptions options)
{
    public Uri Root(HttpRequest request) =>
        options.PublicUrl ?? new Uri($"{request.Scheme}://{(request.Host.HasValue ? request.Host.Value : $"{request.HttpContext.Connection.LocalIpAddress}:{request.HttpContext.Connection.LocalPort}")}/");

    public Uri Branch(HttpRequest request, BranchName branch) => new(Root(request), $"{branch}/");

    public Uri Sources(HttpRequest request, BranchName branch) => new(Root(request), $"{branch}.sources");
}
