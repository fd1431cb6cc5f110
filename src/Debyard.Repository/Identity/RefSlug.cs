using System.Security.Cryptography;
using System.Text;

namespace Debyard.Repository.Identity;

/// <summary>A git ref's name as a folder name, by GitLab's rule for <c>CI_COMMIT_REF_SLUG</c>.</summary>
public static class RefSlug
{
    const int MaxLength = 63;

    /// <summary>The folder name of <paramref name="gitRef"/>: lower case, one <c>-</c> for every character outside a-z0-9.</summary>
    /// <exception cref="BranchNameException">The ref has no letter or digit, or its slug is a reserved word.</exception>
    public static BranchName Of(string gitRef) => BranchName.Parse(Text(gitRef));

    /// <summary>The folder name a ref gets where another ref took its slug first: 6 hex digits of its SHA-256 follow.</summary>
    public static BranchName OfSecond(string gitRef) =>
        BranchName.Parse($"{Text(gitRef)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(gitRef)))[..6]}");

    static string Text(string gitRef)
    {
        // git-check-ref-format(1) allows none either.
        if (gitRef.Any(char.IsControl))
            throw new BranchNameException("The ref has control characters, which no git ref can have.");
        var slug = new StringBuilder(gitRef.Length);
        foreach (var rune in LowerCase(gitRef).EnumerateRunes().Take(MaxLength))
            slug.Append(rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value) ? (char)rune.Value : '-');
        var text = slug.ToString().Trim('-');
        return text.Length > 0
            ? text
            : throw new BranchNameException($"The ref '{gitRef}' has no letter or digit to name a folder by; rename the branch.");
    }

    // GitLab uses Ruby's downcase, which maps one character to two: U+0130, the only unconditional lower-case mapping in Unicode's
    // SpecialCasing.txt. .NET leaves U+0130 as it is.
    static string LowerCase(string gitRef) => gitRef.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
}
