using Debyard.Repository.Branches;
using Debyard.Repository.Identity;

namespace Debyard.Server.Access.Authorization;

/// <summary>What the configuration says about branches. Each caller's permissions build on it.</summary>
sealed class AccessPolicy(AccessOptions? access, BranchDirectory branches)
{
    public bool HasPrivate { get; } = access is { Private.Count: > 0 };

    public bool IsDefault(BranchIdentity branch) => branch.Name == branches.Default;

    /// <summary>True if every branch inherits or links the branch's packages.</summary>
    public bool IsTrusted(BranchIdentity branch) => IsDefault(branch) || branches.IsTrusted(branch);

    /// <summary>True if a job needs a protected ref to write the branch.</summary>
    public bool IsProtected(BranchIdentity branch) => IsTrusted(branch) || access?.Protected.MayInclude(branch) == true;

    public bool IsPrivate(BranchIdentity branch) => access?.Private.MayInclude(branch) == true;
}
