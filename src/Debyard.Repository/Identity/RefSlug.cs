using System.Security.Cryptography;
using System.Text;

namespace Debyard.Repository.Identity;

/// <summary>Converts a git ref to a folder name by GitLab's rule for <c>CI_COMMIT_REF_SLUG</c>.</summary>
public static class RefSlug
{
    const int MaxLength = 63;

    /// <summary>The folder name of <paramref name="gitRef"/>: lower case, one <c>-</c> for every character outside a-z0-9.</summary>
    /// <exception cref="BranchNameException">The ref has no letter or digit, or its slug is a reserved word.</exception>
    public static BranchName Of(string gitRef) => BranchName.Parse(Text(gitRef));

    /// <summary>The folder name of a ref whose slug another ref uses: the slug and 6 hexadecimal digits of the ref's SHA-256.</summary>
    public static BranchName OfSecond(string gitRef) =>
        BranchName.Parse($"{Text(gitRef)}-{Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(gitRef)))[..6]}");

    /// <summary>True if <paramref name="name"/> is one of the two folders that <paramref name="gitRef"/> can have.</summary>
    /// <exception cref="BranchNameException">The ref has no letter or digit, or its slug is a reserved word.</exception>
    public static bool CanName(string gitRef, BranchName name) => Of(gitRef) == name || OfSecond(gitRef) == name;

    static string Text(string gitRef)
    {
        // git-check-ref-format(1) forbids control characters.
        if (gitRef.Any(char.IsControl))
            throw new BranchNameException("The ref contains control characters, which are not allowed in a git ref.");
        var slug = new StringBuilder(gitRef.Length);
        foreach (var rune in LowerCase(gitRef).EnumerateRunes().Take(MaxLength))
            slug.Append(rune.IsAscii && char.IsAsciiLetterOrDigit((char)rune.Value) ? (char)rune.Value : '-');
        var text = slug.ToString().Trim('-');
        return text.Length > 0
            ? text
            : throw new BranchNameException(
                $"The ref '{gitRef}' contains no letter or digit, so it gives no folder name; rename the branch."
            );
    }

    // GitLab uses Ruby's downcase, which maps one character to two: U+0130, the only unconditional lower-case mapping in Unicode's
    // SpecialCasing.txt. .NET leaves U+0130 as it is.
    static string LowerCase(string gitRef) => gitRef.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant();
}
