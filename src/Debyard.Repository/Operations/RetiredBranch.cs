using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>A retired branch that can be restored until <paramref name="Until"/>.</summary>
/// <param name="Id">Distinguishes retired branches of the same name; later ones have larger ids.</param>
/// <param name="Identity">Its ref and owners when it was retired.</param>
public sealed record RetiredBranch(BranchName Name, long Id, BranchIdentity Identity, DateTimeOffset At, DateTimeOffset Until)
{
    internal BranchFolder Folder { get; init; } = null!;
}

/// <summary>The result of retiring a branch.</summary>
/// <param name="Until">The time until which it can be restored; null if it was not retired, because it has other owners.</param>
/// <param name="Owners">The projects that still own the branch.</param>
public sealed record RetireOutcome(DateTimeOffset? Until, IReadOnlyList<Project> Owners);
