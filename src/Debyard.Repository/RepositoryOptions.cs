using Debyard.Debian.Names;
using Debyard.Repository.Identity;

namespace Debyard.Repository;

public sealed record RepositoryOptions
{
    /// <summary>The folder that holds a folder for each branch; made where it does not exist.</summary>
    public required string Root { get; init; }

    /// <summary>The ref whose latest packages every new branch starts with.</summary>
    public string DefaultBranch { get; init; } = "main";

    /// <summary>Architectures that every component has an index for, even an empty one: where <c>all</c> packages are found without others beside them.</summary>
    public IReadOnlyList<Architecture> Architectures { get; init; } = [Architecture.Parse("amd64"), Architecture.Parse("arm64")];

    /// <summary>Release's <c>Origin</c>, for apt's pins; it must not change while clients know the URL.</summary>
    public string Origin { get; init; } = "Debyard";

    /// <summary>How long an index or a package file can still be fetched after another took its place.</summary>
    public TimeSpan Retention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Releases: never retired and, like the default branch, without a second content for a file name.</summary>
    public IReadOnlyList<BranchPattern> ReleaseBranches { get; init; } = [];

    /// <summary>Branches that may replace their own packages by others of the same version; not the default branch, not releases.</summary>
    public IReadOnlyList<BranchPattern> ReplacingBranches { get; init; } = [];

    /// <summary>Branches beside the default one whose word counts for all: what they say a fingerprint's build made is linked instead of built.</summary>
    public IReadOnlyList<BranchPattern> TrustedBranches { get; init; } = [];

    /// <summary>How many versions stay beside each other; where no rule matches, all.</summary>
    public IReadOnlyList<VersionRetention> Versions { get; init; } = [];

    /// <summary>How long a retired branch can be restored.</summary>
    public TimeSpan Grace { get; init; } = TimeSpan.FromDays(7);

    public TimeProvider Time { get; init; } = TimeProvider.System;
}
