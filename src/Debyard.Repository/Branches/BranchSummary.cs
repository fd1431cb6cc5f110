using Debyard.Repository.Identity;

namespace Debyard.Repository.Branches;

/// <summary>A branch's properties that can be read without its indexes.</summary>
/// <param name="Published">The time of the last publish; null if there was none.</param>
public sealed record BranchSummary(
    BranchName Name,
    string? Ref,
    BranchName? Parent,
    IReadOnlyList<Project> Owners,
    bool IsProtected,
    DateTimeOffset? Published
);
