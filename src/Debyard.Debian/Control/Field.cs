using System.Buffers;

namespace Debyard.Debian.Control;

/// <summary>One field of a stanza.</summary>
/// <param name="Name">As written; compared ignoring case.</param>
/// <param name="Value">What follows the colon, without the blank before it; further lines after <c>\n</c>, each with its leading blank.</param>
public readonly record struct Field(string Name, string Value)
{
    static readonly SearchValues<char> controlCharacters = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (char)code).Except(['\t', '\n']),
        '\x7f',
    ]);

    /// <summary>The field as a file holds it, without the last line end.</summary>
    public override string ToString() => Value is "" || Value[0] == '\n' ? $"{Name}:{Value}" : $"{Name}: {Value}";

    // deb822(5): printable ASCII but for blanks and the colon, and neither a comment's '#' nor a '-' at the start.
    internal static bool IsName(ReadOnlySpan<char> name) =>
        name.Length > 0 && name[0] is not ('#' or '-') && !name.ContainsAnyExceptInRange('!', '~') && !name.Contains(':');

    /// <summary>A value that cannot end its field, its stanza or its file.</summary>
    internal static bool IsValue(ReadOnlySpan<char> value)
    {
        if (HasControlCharacter(value))
            return false;
        var first = true;
        foreach (var line in value.Split('\n'))
        {
            var text = value[line];
            var isWellFormed = first ? text.IsEmpty || !IsBlank(text[0]) : text.Length > 1 && IsBlank(text[0]);
            if (!isWellFormed || (text.Length > 0 && IsBlank(text[^1])))
                return false;
            first = false;
        }
        return true;
    }

    // The blanks of parsers differ (dpkg's and apt's include the vertical tab and the form feed), so what they disagree on is not let in.
    internal static bool HasControlCharacter(ReadOnlySpan<char> text) => text.ContainsAny(controlCharacters);

    internal static bool IsBlank(char character) => character is ' ' or '\t';
}
