using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Debyard.Debian.Names;

/// <summary>
/// The architecture of a binary package, such as <c>amd64</c> or <c>all</c>. Any token is accepted, because some products are built for
/// architectures (<c>musl64</c>, <c>e2k</c>) that dpkg does not know.
/// </summary>
public readonly record struct Architecture : IComparable<Architecture>
{
    static readonly SearchValues<char> characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    readonly string? text;

    Architecture(string text) => this.text = text;

    public static Architecture All { get; } = new("all");

    public bool IsAll => text == All.text;

    /// <exception cref="DebianFormatException">The text is not the architecture of a binary package.</exception>
    public static Architecture Parse(string text) =>
        TryParse(text, out var architecture)
            ? architecture
            : throw new DebianFormatException(
                $"'{text}' is not the architecture of a binary package, such as amd64 or all: only a-z, 0-9 and - are allowed."
            );

    public static bool TryParse([NotNullWhen(true)] string? text, out Architecture architecture)
    {
        var isArchitecture =
            text is { Length: > 0 and <= 64 }
            && text[0] != '-'
            && !text.AsSpan().ContainsAnyExcept(characters)
            && !IsOfSourcePackages(text);
        architecture = isArchitecture ? new Architecture(text!) : default;
        return isArchitecture;
    }

    // Debian Policy 5.6.8, 11.1.1: 'source' and wildcards such as 'linux-any' are valid only in source packages.
    static bool IsOfSourcePackages(string text) => text == "source" || text.Split('-').Contains("any");

    public int CompareTo(Architecture other) => string.CompareOrdinal(text, other.text);

    public static bool operator <(Architecture left, Architecture right) => left.CompareTo(right) < 0;

    public static bool operator >(Architecture left, Architecture right) => left.CompareTo(right) > 0;

    public static bool operator <=(Architecture left, Architecture right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Architecture left, Architecture right) => left.CompareTo(right) >= 0;

    public override string ToString() => text ?? "";
}
