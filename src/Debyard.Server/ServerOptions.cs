using Debyard.Debian;
using Microsoft.Extensions.Logging;

namespace Debyard.Server;

public sealed record ServerOptions
{
    /// <summary>The folder that holds the branches' repositories; made where it does not exist.</summary>
    public required string Root { get; init; }

    /// <summary>Where to listen; port 0 takes a free one. Loopback only, unless <see cref="Access"/> says who may do what.</summary>
    public IReadOnlyList<string> Urls { get; init; } = ["http://127.0.0.1:0"];

    /// <summary>What clients reach the server by, where that is not the Host they ask for: a proxy's address.</summary>
    public Uri? PublicUrl { get; init; }

    /// <summary>The ref whose latest packages every new branch starts with.</summary>
    public string DefaultBranch { get; init; } = "main";

    /// <summary>Architectures that every component has an index for, even an empty one.</summary>
    public IReadOnlyList<Architecture> Architectures { get; init; } = [Architecture.Parse("amd64"), Architecture.Parse("arm64")];

    /// <summary>Who may write and read; null: whoever reaches the server.</summary>
    public AccessOptions? Access { get; init; }

    public LimitOptions Limits { get; init; } = new();

    /// <summary>How long a stopping server waits for the requests it has begun.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the log goes; nowhere by default. Requests are logged as Debug.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}
