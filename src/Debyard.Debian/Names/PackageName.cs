using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Debyard.Debian.Names;

/// <summary>The name of a package (Debian Policy 5.6.1, 5.6.7), in ordinal order.</summary>
public readonly record struct PackageName : IComparable<PackageName>
{
    static readonly SearchValues<char> characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789+-.");

    readonly string? text;

    PackageName(string text) => this.text = text;

    /// <exception cref="DebianFormatException">The text is not a package name.</exception>
    public static PackageName Parse(string text) =>
        TryParse(text, out var name)
            ? name
            : throw new DebianFormatException(
                $"'{text}' is not a package name: at least two of a-z, 0-9 and + - . are required, a letter or digit comes first."
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
