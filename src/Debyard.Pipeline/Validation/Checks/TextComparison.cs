using System.Text.RegularExpressions;
using Debyard.Pipeline.Manifests;

namespace Debyard.Pipeline.Validation.Checks;

/// <summary>Compares a text with what the manifest expects of it.</summary>
sealed class TextComparison(CheckContext context)
{
    // Guards against patterns that backtrack without end.
    static readonly TimeSpan longestMatch = TimeSpan.FromSeconds(2);

    /// <param name="what">A noun phrase for the text: <c>a body</c>.</param>
    /// <returns>The first difference; null if there is none.</returns>
    public Difference? Find(TextExpectation expected, string text, string what)
    {
        var got = Difference.Beginning(context.Secrets.Mask(text));
        if (expected.Exact is { } exact && text != exact)
        {
            return new Difference($"{what} that is exactly '{Difference.Beginning(exact)}'", got);
        }
        if (expected.Contains.FirstOrDefault(part => !text.Contains(part, StringComparison.Ordinal)) is { } missing)
        {
            return new Difference($"{what} that contains '{missing}'", got);
        }
        if (expected.Excludes.FirstOrDefault(part => text.Contains(part, StringComparison.Ordinal)) is { } present)
        {
            return new Difference($"{what} without '{present}'", Around(text, present));
        }
        foreach (var pattern in expected.Matches)
        {
            try
            {
                if (!Regex.IsMatch(text, pattern, RegexOptions.Multiline | RegexOptions.CultureInvariant, longestMatch))
                {
                    return new Difference($"{what} that matches /{pattern}/", got);
                }
            }
            catch (RegexMatchTimeoutException)
            {
                return new Difference(
                    $"{what} that matches /{pattern}/",
                    $"no result within {longestMatch.TotalSeconds:0} s: simplify the expression"
                );
            }
        }
        return null;
    }

    string Around(string text, string part)
    {
        const int Context = 60;
        var masked = context.Secrets.Mask(text);
        var from = Math.Max(0, masked.IndexOf(part, StringComparison.Ordinal) - Context);
        return (from > 0 ? "…" : "") + Difference.Beginning(masked[from..]);
    }
}
