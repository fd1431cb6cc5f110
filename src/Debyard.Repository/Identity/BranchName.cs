using System.Buffers;

namespace Debyard.Repository.Identity;

/// <summary>The name of a branch's folder: a ref slug, or a slug and 6 hexadecimal digits if another ref uses the slug.</summary>
public readonly record struct BranchName
{
    const int MaxLength = 63 + 1 + 6;
    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>The first parts of the server's URLs that are not branches.</summary>
    static readonly string[] Reserved = ["api", "healthz", "readyz", "openapi", "metrics"];

    BranchName(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="BranchNameException">The text is not a valid folder name; the message says why.</exception>
    public static BranchName Parse(string text) =>
        Reserved.Contains(text)
            ? throw new BranchNameException($"'{text}' is reserved by the server and cannot be a branch name; rename the branch.")
        : TryParse(text, out var name) ? name
        : throw new BranchNameException(
            $"'{text}' is not a valid branch folder: use a-z, 0-9 and inner '-', at most {MaxLength} characters, as in CI_COMMIT_REF_SLUG."
        );

    public static bool TryParse(string? text, out BranchName name)
    {
        var isValid =
            text is { Length: > 0 and <= MaxLength }
            && !text.AsSpan().ContainsAnyExcept(Allowed)
            && text[0] != '-'
            && text[^1] != '-'
            && !Reserved.Contains(text);
        name = isValid ? new BranchName(text!) : default;
        return isValid;
    }

    public override string ToString() => Value;
}
