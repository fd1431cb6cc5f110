using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Debyard.Debian.Names;

/// <summary>A package's name (Debian Policy 5.6.1, 5.6.7); ordered by its bytes.</summary>
public readonly record struct PackageName : IComparable<PackageName>
{
    static readonly SearchValues<char> characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-.");

    readonly string? text;

    PackageName(string text) => this.text = text;

    /// <exception cref="DebianFormatException">Not a package's name.</exception>
    public static PackageName Parse(string text) =>
        TryParse(text, out var name)
            ? name
            : throw new DebianFormatException(
                $"'{text}' is not a package name: two characters or more of a-z 0-9 + - . and a letter or digit first."
            );

    public static bool TryParse([NotNullWhen(true)] string? text, out PackageName name)
    {
        var isName = text is { Length: >= 2 } && char.IsAsciiLetterOrDigit(text[0]) && !text.AsSpan().ContainsAnyExcept(characters);
        name = isName ? new PackageName(text!) : default;
        return isName;
    }

    public int CompareTo(PackageName other) => string.CompareOrdinal(text, other.text);

    public static bool operator <(PackageName left, PackageName right) => left.CompareTo(right) < 0;

    public static bool operator >(PackageName left, PackageName right) => left.CompareTo(right) > 0;

    public static bool operator <=(PackageName left, PackageName right) => left.CompareTo(right) <= 0;

    public static bool operator >=(PackageName left, PackageName right) => left.CompareTo(right) >= 0;

    public override string ToString() => text ?? "";
}
