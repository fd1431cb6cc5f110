using Debyard.Repository.Identity;

namespace Debyard.Repository.Branches;

/// <summary>What is known of a branch without reading what it lists.</summary>
/// <param name="Published">When clients last saw it change; null if nothing was published yet.</param>
public sealed record BranchSummary(
    BranchName Name,
    string? Ref,
    BranchName? Parent,
    IReadOnlyList<Project> Owners,
    bool IsProtected,
    DateTimeOffset? Published
);
