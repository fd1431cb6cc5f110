using System.Buffers;

namespace Debyard.Debian.Control;

/// <summary>One field of a stanza.</summary>
/// <param name="Name">As written in the input; compared case-insensitively.</param>
/// <param name="Value">
/// The text after the colon, without leading blanks. Continuation lines follow a <c>\n</c> each and keep their leading blank.
/// </param>
public readonly record struct Field(string Name, string Value)
{
    static readonly SearchValues<char> controlCharacters = SearchValues.Create([
        .. Enumerable.Range(0, 0x20).Select(code => (char)code).Except(['\t', '\n']),
        '\x7f',
    ]);

    /// <summary>Renders the field as in a file, without the final line end.</summary>
    public override string ToString() => Value is "" || Value[0] == '\n' ? $"{Name}:{Value}" : $"{Name}: {Value}";

    // deb822(5): printable ASCII except blanks and the colon, not starting with '#' or '-'.
    internal static bool IsName(ReadOnlySpan<char> name) =>
        name.Length > 0 && name[0] is not ('#' or '-') && !name.ContainsAnyExceptInRange('!', '~') && !name.Contains(':');

    /// <summary>Checks that the value cannot end its field or its stanza.</summary>
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

    // Parsers disagree about which characters are blanks (dpkg and apt include vertical tab and form feed), so control characters are
    // refused.
    internal static bool HasControlCharacter(ReadOnlySpan<char> text) => text.ContainsAny(controlCharacters);

    internal static bool IsBlank(char character) => character is ' ' or '\t';
}
