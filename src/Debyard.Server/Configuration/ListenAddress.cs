using System.Net;
using Debyard.Server.Access;
using Microsoft.AspNetCore.Http;

namespace Debyard.Server.Configuration;

/// <summary>Addresses that the server may listen on.</summary>
static class ListenAddress
{
    /// <exception cref="ServerStartException">The address is not loopback and there is no access control, or it is invalid.</exception>
    public static void RequireAllowed(string url, AccessOptions? access)
    {
        if (!IsLoopback(url) && access is null)
            throw new ServerStartException(
                $"Refusing to listen on {url} without access control: anyone could write. Listen on 127.0.0.1, or configure Access."
            );
    }

    static bool IsLoopback(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.IsUnixPipe
                || address.Host == "localhost"
                || IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip);
        }
        catch (FormatException exception)
        {
            throw new ServerStartException($"'{url}' is not a valid address to listen on; write it like http://127.0.0.1:8080.", exception);
        }
    }
}
