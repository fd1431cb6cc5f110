using System.Net;
using Debyard.Repository.Configuration;
using Debyard.Server.Access;
using Debyard.Server.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Configuration;

public sealed record ServerOptions
{
    /// <summary>The repository that is served. The server uses its clock as well.</summary>
    public required RepositoryOptions Repository { get; init; }

    /// <summary>Addresses to listen on; port 0 takes a free port. Loopback only unless <see cref="Access"/> is set.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:0"];

    /// <summary>The URL that clients use, if it differs from the <c>Host</c> they send: the address of a reverse proxy.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>
    /// Reverse proxies whose <c>X-Forwarded-For</c> names the client. Limits per address and the journal use the client's address.
    /// </summary>
    public IReadOnlyList<IPAddress> TrustedProxies { get; init; } = [];

    /// <summary>Who may write and read; null: everyone who reaches the server.</summary>
    public AccessOptions? Access { get; init; }

    /// <summary>The GitLab whose branches decide which branches exist here; null: none.</summary>
    public GitLabOptions? GitLab { get; init; }

    public LimitOptions Limits { get; init; } = new();

    /// <summary>How long a stopping server waits for requests in progress.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Configures logging; by default nothing is logged. Requests are logged at level Debug.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}
