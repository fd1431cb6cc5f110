using Debyard.Debian.Names;

namespace Debyard.Repository.Identity;

/// <summary>A write that needs permission.</summary>
/// <param name="Branch">The branch, with the ref that the write is for.</param>
/// <param name="Packages">The packages that it adds, replaces or removes.</param>
/// <param name="IsOfWholeBranch">True if it retires or restores the branch.</param>
public sealed record BranchWrite(BranchIdentity Branch, IReadOnlyCollection<PackageName> Packages, bool IsOfWholeBranch = false);
