using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>A retired branch that can be restored until <paramref name="Until"/>.</summary>
/// <param name="Id">Distinguishes retired branches of the same name; later ones have larger ids.</param>
public sealed record RetiredBranch(BranchName Name, long Id, string? Ref, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>Its identity at the time; owners are not kept apart from the branch.</summary>
    public BranchIdentity Identity => new(Name, Ref, []);

    internal BranchFolder Folder { get; init; } = null!;
}

/// <summary>The result of retiring a branch.</summary>
/// <param name="Until">Until when it can be restored; null if it stays for its other owners.</param>
/// <param name="Owners">The projects that still own it.</param>
public sealed record RetireOutcome(DateTimeOffset? Until, IReadOnlyList<Project> Owners);
