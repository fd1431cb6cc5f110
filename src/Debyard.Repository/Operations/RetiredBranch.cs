using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>A branch that was taken away and can be restored until <paramref name="Until"/>.</summary>
/// <param name="Id">Tells it from others of its name; a later one's is greater.</param>
public sealed record RetiredBranch(BranchName Name, long Id, string? Ref, DateTimeOffset At, DateTimeOffset Until)
{
    internal BranchFolder Folder { get; init; } = null!;
}

/// <summary>What came of retiring a branch.</summary>
/// <param name="Until">Till when it can be restored; null where it stays, for its other owners.</param>
/// <param name="Owners">The projects that own it still.</param>
public sealed record RetireOutcome(DateTimeOffset? Until, IReadOnlyList<Project> Owners);
