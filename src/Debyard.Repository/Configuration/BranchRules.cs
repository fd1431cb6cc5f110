using Debyard.Repository.Identity;

namespace Debyard.Repository.Configuration;

/// <summary>The configured rules for branches.</summary>
sealed class BranchRules(RepositoryOptions options)
{
    public BranchName DefaultBranch { get; } = RefSlug.Of(options.DefaultBranch);

    /// <summary>The ref that a folder has even if no writer named one: that of the default branch. Null for other folders.</summary>
    public string? RefOf(BranchName name) => name == DefaultBranch ? options.DefaultBranch : null;

    /// <summary>True for the default branch and releases. They are never retired, and a file name keeps its content permanently.</summary>
    public bool IsProtected(BranchName name, string? gitRef) => name == DefaultBranch || Any(options.ReleaseBranches, name, gitRef);

    /// <summary>True if other branches use the builds that this branch has recorded in the build cache.</summary>
    public bool IsTrusted(BranchName name, string? gitRef) => name == DefaultBranch || Any(options.TrustedBranches, name, gitRef);

    /// <summary>True if the branch may replace its own package with another of the same file name.</summary>
    public bool AllowsReplacing(BranchName name, string? gitRef) =>
        !IsProtected(name, gitRef) && Any(options.ReplacingBranches, name, gitRef);

    public VersionRetention? VersionsOf(BranchName name, string? gitRef) =>
        options.Versions.FirstOrDefault(rule => rule.Branches.Matches(name, gitRef));

    static bool Any(IReadOnlyList<BranchPattern> patterns, BranchName name, string? gitRef) =>
        patterns.Any(pattern => pattern.Matches(name, gitRef));
}
