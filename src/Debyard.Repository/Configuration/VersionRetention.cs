using Debyard.Repository.Identity;

namespace Debyard.Repository.Configuration;

/// <summary>
/// How many versions of a package a branch keeps, per suite, component and architecture. Applied to the packages of a publish; the
/// published version and the latest one always stay.
/// </summary>
/// <param name="Branches">The branches the rule applies to; the first matching rule counts.</param>
/// <param name="Count">How many of the latest versions are kept; null: all.</param>
/// <param name="Age">Versions uploaded within this time are kept; null: all.</param>
public sealed record VersionRetention(BranchPattern Branches, int? Count = null, TimeSpan? Age = null);
