using System.IO.Enumeration;

namespace Debyard.Repository.Identity;

/// <summary>Branches by pattern: <c>*</c> is any characters, <c>?</c> one, of the folder's name or of the full ref.</summary>
public readonly record struct BranchPattern(string Pattern)
{
    public bool Matches(BranchName name, string? gitRef) =>
        FileSystemName.MatchesSimpleExpression(Pattern, name.Value, ignoreCase: false)
        || gitRef is not null && FileSystemName.MatchesSimpleExpression(Pattern, gitRef, ignoreCase: false);

    public override string ToString() => Pattern;
}

/// <summary>
/// How many versions of a package stay beside each other in a branch, per suite, component and architecture. Applied to the
/// packages a publish lists; what it lists and the latest version always stay.
/// </summary>
/// <param name="Branches">The branches this is for; the first rule that matches counts.</param>
/// <param name="Count">The latest so many stay; null: all.</param>
/// <param name="Age">Those listed no longer ago stay; null: all.</param>
public sealed record VersionRetention(BranchPattern Branches, int? Count = null, TimeSpan? Age = null);
