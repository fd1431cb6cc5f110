using System.IO.Enumeration;

namespace Debyard.Repository.Identity;

/// <summary>
/// Selects branches by folder name or full ref: <c>*</c> matches any number of characters, including <c>/</c>; <c>?</c> matches one.
/// <c>release/*</c> and <c>release-*</c> both select the branch <c>release/1</c> in the folder <c>release-1</c>. Case matters.
/// </summary>
public readonly record struct BranchPattern(string Pattern)
{
    // git-check-ref-format(1), except for the wildcards
    const string NotInRefs = " ~^:\\[";

    static readonly string[] notInside = ["..", "//", "@{"],
        notAtEnd = ["/", ".", ".lock"];

    /// <exception cref="FormatException">No folder name and no ref can match the pattern.</exception>
    public static BranchPattern Parse(string text) =>
        text.Length == 0
        || text[0] is '/' or '-'
        || text.Any(letter => char.IsControl(letter) || NotInRefs.Contains(letter, StringComparison.Ordinal))
        || notInside.Any(part => text.Contains(part, StringComparison.Ordinal))
        || notAtEnd.Any(end => text.EndsWith(end, StringComparison.Ordinal))
            ? throw new FormatException(
                $"'{text}' cannot match a branch; write a folder name like release-1 or a ref like release/1, with * and ? as wildcards"
            )
            : new BranchPattern(text);

    /// <param name="gitRef">The branch's full ref, without <c>refs/heads/</c>; null if it is unknown.</param>
    public bool Matches(BranchName name, string? gitRef) => Matches(Pattern, name.Value) || gitRef is not null && Matches(Pattern, gitRef);

    /// <summary>
    /// True if a ref that the pattern matches could have this folder. Restrictions use this, because they must hold even while a branch's
    /// ref is unknown.
    /// </summary>
    public bool MayMatchRefOf(BranchName name)
    {
        var slug = string.Concat(Pattern.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '*' or '?' ? letter : '-'))
            .ToLowerInvariant()
            .Trim('-');
        // The second form comes from RefSlug.OfSecond.
        return Matches(slug, name.Value) || Matches($"{slug}-??????", name.Value);
    }

    static bool Matches(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    public override string ToString() => Pattern;
}

public static class BranchPatterns
{
    /// <summary>True if one of the patterns matches.</summary>
    public static bool Include(this IReadOnlyList<BranchPattern> patterns, BranchName name, string? gitRef) =>
        patterns.Any(pattern => pattern.Matches(name, gitRef));
}
