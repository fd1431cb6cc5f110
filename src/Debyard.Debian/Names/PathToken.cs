using System.Buffers;

namespace Debyard.Debian.Names;

/// <summary>Names that become one folder of a path and one word of a Release file.</summary>
static class PathToken
{
    public const string Rule = "letters, digits and . + - _, starting with a letter or digit, at most 64";
    static readonly SearchValues<char> Allowed = SearchValues.Create("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.+-_");

    public static bool IsValid(string text) =>
        text is { Length: > 0 and <= 64 } && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(Allowed);
}
