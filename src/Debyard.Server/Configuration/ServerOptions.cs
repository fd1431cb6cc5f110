using Debyard.Debian.Names;
using Debyard.Repository.Configuration;
using Debyard.Repository.Identity;
using Debyard.Server.Access;
using Debyard.Server.Http;
using Microsoft.Extensions.Logging;

namespace Debyard.Server.Configuration;

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

    /// <summary>Releases: never retired, and what a file name once meant there it means for good, as in the default branch.</summary>
    public IReadOnlyList<BranchPattern> ReleaseBranches { get; init; } = [];

    /// <summary>Branches that may replace their own packages by others of the same version; not the default branch, not releases.</summary>
    public IReadOnlyList<BranchPattern> ReplacingBranches { get; init; } = [];

    /// <summary>Branches beside the default one whose builds all others may link instead of building; none by default.</summary>
    public IReadOnlyList<BranchPattern> TrustedBranches { get; init; } = [];

    /// <summary>How many versions of a package stay beside each other, the first rule that matches; where none does, all.</summary>
    public IReadOnlyList<VersionRetention> Versions { get; init; } = [];

    /// <summary>How long an index or a package file can still be fetched after another took its place.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>How long a retired branch can be restored.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Who may write and read; null: whoever reaches the server.</summary>
    public AccessOptions? Access { get; init; }

    public LimitOptions Limits { get; init; } = new();

    /// <summary>How long a stopping server waits for the requests it has begun.</summary>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(60);

    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Where the log goes; nowhere by default. Requests are logged as Debug.</summary>
    public Action<ILoggingBuilder>? Logging { get; init; }
}
