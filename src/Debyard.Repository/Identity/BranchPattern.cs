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
