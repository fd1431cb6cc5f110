using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>A retired branch that can be restored until <paramref name="Until"/>.</summary>
/// <param name="Id">Distinguishes retired branches of the same name; later ones have larger ids.</param>
/// <param name="Identity">Its ref and owners when it was retired.</param>
public sealed record RetiredBranch(BranchName Name, long Id, BranchIdentity Identity, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>True if none of its owner projects had the git branch at some time since. The branch returns with its git branch.</summary>
    public bool IsGone => File.Exists(Folder.Gone);

    internal BranchFolder Folder { get; init; } = null!;
}

/// <summary>The result of retiring a branch.</summary>
/// <param name="Until">The time until which it can be restored; null if it was not retired, because it has other owners.</param>
/// <param name="Owners">The projects that still own the branch.</param>
public sealed record RetireOutcome(DateTimeOffset? Until, IReadOnlyList<Project> Owners);
