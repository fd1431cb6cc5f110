using System.Buffers;

namespace Debyard.Repository.Identity;

/// <summary>The name of a branch's folder: a ref slug, or a slug with 6 hex digits where two refs share one.</summary>
public readonly record struct BranchName
{
    const int MaxLength = 63 + 1 + 6;
    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    /// <summary>First parts of URLs that are not branches.</summary>
    static readonly string[] Reserved = ["api", "healthz", "readyz", "openapi", "metrics"];

    BranchName(string value) => Value = value;

    public string Value { get; }

    /// <exception cref="BranchNameException">The text cannot name a branch's folder; the message says why.</exception>
    public static BranchName Parse(string text) =>
        Reserved.Contains(text)
            ? throw new BranchNameException($"'{text}' is a word of the server's own and cannot name a branch; rename the branch.")
        : TryParse(text, out var name) ? name
        : throw new BranchNameException(
            $"'{text}' cannot name a branch's folder: a-z, 0-9 and '-' within, at most {MaxLength} characters, as in CI_COMMIT_REF_SLUG."
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
