using System.Buffers;
using System.Diagnostics.CodeAnalysis;

namespace Debyard.Debian.Names;

/// <summary>
/// What a binary package runs on: <c>amd64</c>, or <c>all</c>. A token without further meaning, because products are built for
/// architectures (<c>musl64</c>, <c>e2k</c>) that are in no table of dpkg's.
/// </summary>
public readonly record struct Architecture : IComparable<Architecture>
{
    static readonly SearchValues<char> characters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    readonly string? text;

    Architecture(string text) => this.text = text;

    public static Architecture All { get; } = new("all");

    public bool IsAll => text == All.text;

    /// <exception cref="DebianFormatException">Not the architecture of a binary package.</exception>
    public static Architecture Parse(string text) =>
        TryParse(text, out var architecture)
            ? architecture
            : throw new DebianFormatException(
                $"'{text}' is not the architecture of a binary package: one token of a-z 0-9 - such as amd64, or 'all'."
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

    // Debian Policy 5.6.8, 11.1.1: 'source' and the wildcards name what a source package can be built for.
    static bool IsOfSourcePackages(string text) => text == "source" || text.Split('-').Contains("any");

    public int CompareTo(Architecture other) => string.CompareOrdinal(text, other.text);

    public static bool operator <(Architecture left, Architecture right) => left.CompareTo(right) < 0;

    public static bool operator >(Architecture left, Architecture right) => left.CompareTo(right) > 0;

    public static bool operator <=(Architecture left, Architecture right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Architecture left, Architecture right) => left.CompareTo(right) >= 0;

    public override string ToString() => text ?? "";
}
