using System.IO.Enumeration;

namespace Debyard.Repository.Identity;

/// <summary>
/// Selects branches by full ref or slug: <c>*</c> matches any number of characters, including <c>/</c>; <c>?</c> matches one.
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

    /// <summary>
    /// True if the pattern matches the branch's ref or the ref's slug. The folder counts only while the ref is unknown: the second folder
    /// of the ref <c>release</c>, <c>release-a4d451</c>, is not one of <c>release-*</c>. Permissions use this.
    /// </summary>
    /// <param name="gitRef">The branch's full ref, without <c>refs/heads/</c>; null if it is unknown.</param>
    public bool Matches(BranchName name, string? gitRef) =>
        gitRef is null ? Fits(Pattern, name.Value) : Fits(Pattern, gitRef) || Fits(Pattern, RefSlug.Of(gitRef).Value);

    /// <summary>
    /// True if the pattern matches the branch's ref, the ref's slug or the folder, or could match the ref while that is unknown.
    /// Restrictions use this.
    /// </summary>
    /// <param name="gitRef">The branch's full ref, without <c>refs/heads/</c>; null if it is unknown.</param>
    public bool MayMatch(BranchName name, string? gitRef) =>
        Fits(Pattern, name.Value) || (gitRef is null ? MayMatchRefOf(name) : Matches(name, gitRef));

    bool MayMatchRefOf(BranchName name)
    {
        var slug = string.Concat(Pattern.Select(letter => char.IsAsciiLetterOrDigit(letter) || letter is '*' or '?' ? letter : '-'))
            .ToLowerInvariant()
            .Trim('-');
        // The second form comes from RefSlug.OfSecond.
        return Fits(slug, name.Value) || Fits($"{slug}-??????", name.Value);
    }

    static bool Fits(string pattern, string text) => FileSystemName.MatchesSimpleExpression(pattern, text, ignoreCase: false);

    public override string ToString() => Pattern;
}

public static class BranchPatterns
{
    /// <summary>True if one of the patterns matches; see <see cref="BranchPattern.Matches"/>.</summary>
    public static bool Include(this IReadOnlyList<BranchPattern> patterns, BranchIdentity branch) =>
        patterns.Any(pattern => pattern.Matches(branch.Name, branch.Ref));

    /// <summary>True if one of the patterns may match; see <see cref="BranchPattern.MayMatch"/>.</summary>
    public static bool MayInclude(this IReadOnlyList<BranchPattern> patterns, BranchIdentity branch) =>
        patterns.Any(pattern => pattern.MayMatch(branch.Name, branch.Ref));
}
