using Debyard.Repository.Identity;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Operations;

/// <summary>A retired branch that can be restored until <paramref name="Until"/>.</summary>
/// <param name="Id">Distinguishes retired branches of the same name; later ones have larger ids.</param>
public sealed record RetiredBranch(BranchName Name, long Id, string? Ref, DateTimeOffset At, DateTimeOffset Until)
{
    /// <summary>Its identity when it was retired. Owners are unknown, because only the branch's own files record them.</summary>
    public BranchIdentity Identity => new(Name, Ref, []);

    internal BranchFolder Folder { get; init; } = null!;
}

/// <summary>The result of retiring a branch.</summary>
/// <param name="Until">The time until which it can be restored; null if it was not retired, because it has other owners.</param>
/// <param name="Owners">The projects that still own the branch.</param>
public sealed record RetireOutcome(DateTimeOffset? Until, IReadOnlyList<Project> Owners);
