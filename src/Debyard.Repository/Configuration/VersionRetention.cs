using Debyard.Repository.Identity;

namespace Debyard.Repository.Configuration;

/// <summary>
/// How many versions of a package a branch keeps, per suite, component and architecture. A publish applies the rule to its packages. The
/// published version and the latest one are always kept.
/// </summary>
/// <param name="Branches">The branches that the rule applies to; the first matching rule is used.</param>
/// <param name="Count">How many of the latest versions are kept; null: all.</param>
/// <param name="Age">Versions uploaded within this time are kept; null: all.</param>
public sealed record VersionRetention(BranchPattern Branches, int? Count = null, TimeSpan? Age = null);
