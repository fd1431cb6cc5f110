using Debyard.Repository.Identity;

namespace Debyard.Repository.Branches;

/// <summary>What the configuration says of one branch.</summary>
sealed class BranchRules(RepositoryOptions options, BranchName defaultBranch)
{
    /// <summary>The default branch and the releases: never retired, and what a file name once meant there it means for good.</summary>
    public bool IsProtected(BranchName name, string? gitRef) => name == defaultBranch || AnyOf(options.ReleaseBranches, name, gitRef);

    /// <summary>What the branch says its builds made is believed of other branches' builds too.</summary>
    public bool IsTrusted(BranchName name, string? gitRef) => name == defaultBranch || AnyOf(options.TrustedBranches, name, gitRef);

    public bool AllowsReplacing(BranchName name, string? gitRef) =>
        !IsProtected(name, gitRef) && AnyOf(options.ReplacingBranches, name, gitRef);

    public VersionRetention? VersionsOf(BranchName name, string? gitRef) =>
        options.Versions.FirstOrDefault(rule => rule.Branches.Matches(name, gitRef));

    static bool AnyOf(IReadOnlyList<BranchPattern> globs, BranchName name, string? gitRef) => globs.Any(glob => glob.Matches(name, gitRef));
}
