using Debyard.Debian.Names;
using Debyard.Repository.Identity;

namespace Debyard.Repository.Configuration;

public sealed record RepositoryOptions
{
    /// <summary>The root folder, with one subfolder per branch; created if it does not exist.</summary>
    public required string Root { get; init; }

    /// <summary>The ref whose latest packages every new branch starts with.</summary>
    public string DefaultBranch { get; init; } = "main";

    /// <summary>
    /// Architectures that every component has an index for, even without packages of that architecture, because clients find <c>all</c>
    /// packages there.
    /// </summary>
    public IReadOnlyList<Architecture> Architectures { get; init; } = [Architecture.Parse("amd64"), Architecture.Parse("arm64")];

    /// <summary>The <c>Origin</c> field of Release, used by apt's pins. apt reports an error if it changes for a URL.</summary>
    public string Origin { get; init; } = "Debyard";

    /// <summary>How long a superseded index or package file stays downloadable.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Releases. Like the default branch, they are never retired, and a file name keeps its content permanently.</summary>
    public IReadOnlyList<BranchPattern> ReleaseBranches { get; init; } = [];

    /// <summary>
    /// Branches that may replace their own packages with others of the same version; ignored for the default branch and releases.
    /// </summary>
    public IReadOnlyList<BranchPattern> ReplacingBranches { get; init; } = [];

    /// <summary>
    /// Trusted branches, in addition to the default branch. Other branches reuse the builds that they record in the build cache.
    /// </summary>
    public IReadOnlyList<BranchPattern> TrustedBranches { get; init; } = [];

    /// <summary>How many versions of a package are kept. If no rule matches, all are.</summary>
    public IReadOnlyList<VersionRetention> Versions { get; init; } = [];

    /// <summary>The grace period: how long a retired branch can be restored.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(7);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
