using Debyard.Repository.Identity;

namespace Debyard.Repository.Branches;

/// <summary>A branch but for what it lists.</summary>
/// <param name="Published">When clients last saw it change, by its clock; null where nothing was published yet.</param>
public sealed record BranchSummary(
    BranchName Name,
    string? Ref,
    BranchName? Parent,
    IReadOnlyList<Project> Owners,
    bool IsProtected,
    DateTimeOffset? Published
);
