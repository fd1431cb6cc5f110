using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace Debyard.Debian.Names;

/// <summary>
/// A package's version, <c>[epoch:]upstream[-revision]</c>, in dpkg's order (deb-version(7)). Equality compares the text: <c>1.0</c> and
/// <c>1.0-0</c> are not equal, although neither sorts before the other.
/// </summary>
public readonly record struct DebianVersion : IComparable<DebianVersion>
{
    static readonly SearchValues<char> upstreamCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+-~:"
    );
    static readonly SearchValues<char> revisionCharacters = SearchValues.Create(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789.+~"
    );

    readonly string? text;
    readonly int upstreamStart;
    readonly int upstreamEnd;

    DebianVersion(string text, int epoch, int upstreamStart, int upstreamEnd)
    {
        this.text = text;
        Epoch = epoch;
        this.upstreamStart = upstreamStart;
        this.upstreamEnd = upstreamEnd;
    }

    /// <summary>0 if the text contains none.</summary>
    public int Epoch { get; }

    public string UpstreamVersion => Upstream.ToString();

    /// <summary>Empty if the text contains none.</summary>
    public string Revision => RevisionPart.ToString();

    /// <summary>The form used in file names.</summary>
    public string WithoutEpoch => Text[upstreamStart..];

    string Text => text ?? "";

    ReadOnlySpan<char> Upstream => Text.AsSpan(upstreamStart, upstreamEnd - upstreamStart);

    ReadOnlySpan<char> RevisionPart => upstreamEnd < Text.Length ? Text.AsSpan(upstreamEnd + 1) : [];

    /// <exception cref="DebianFormatException">The text is not a version.</exception>
    public static DebianVersion Parse(string text) =>
        TryParse(text, out var version)
            ? version
            : throw new DebianFormatException(
                $"'{text}' is not a Debian version, [epoch:]upstream[-revision]: letters, digits and . + - ~, the first a letter or digit."
            );

    // dpkg, parseversion: the epoch ends at the first colon, the revision starts after the last hyphen, and an empty part is an error. dpkg
    // only warns about an upstream version that starts with a letter, so branch builds may use one.
    public static bool TryParse([NotNullWhen(true)] string? text, out DebianVersion version)
    {
        version = default;
        if (string.IsNullOrEmpty(text))
            return false;

        var colon = text.IndexOf(':');
        var epoch = 0;
        if (colon >= 0 && !int.TryParse(text.AsSpan(0, colon), NumberStyles.None, CultureInfo.InvariantCulture, out epoch))
            return false;

        var start = colon + 1;
        var hyphen = text.LastIndexOf('-');
        var end = hyphen < start ? text.Length : hyphen;
        var upstream = text.AsSpan(start, end - start);
        if (upstream.IsEmpty || !char.IsAsciiLetterOrDigit(upstream[0]) || upstream.ContainsAnyExcept(upstreamCharacters))
            return false;
        if (end < text.Length && (end == text.Length - 1 || text.AsSpan(end + 1).ContainsAnyExcept(revisionCharacters)))
            return false;

        version = new DebianVersion(text, epoch, start, end);
        return true;
    }

    public int CompareTo(DebianVersion other)
    {
        if (Epoch != other.Epoch)
            return Epoch.CompareTo(other.Epoch);
        var upstream = ComparePart(Upstream, other.Upstream);
        return upstream != 0 ? upstream : ComparePart(RevisionPart, other.RevisionPart);
    }

    // deb-version(7), "Sorting algorithm": alternately compares a run of non-digits by rank and a run of digits as a number.
    static int ComparePart(ReadOnlySpan<char> left, ReadOnlySpan<char> right)
    {
        while (!left.IsEmpty || !right.IsEmpty)
        {
            while (StartsWithNonDigit(left) || StartsWithNonDigit(right))
            {
                var difference = Rank(left) - Rank(right);
                if (difference != 0)
                    return Math.Sign(difference);
                left = left[1..];
                right = right[1..];
            }
            var leftDigits = TakeNumber(ref left);
            var rightDigits = TakeNumber(ref right);
            if (leftDigits.Length != rightDigits.Length)
                return leftDigits.Length.CompareTo(rightDigits.Length);
            if (leftDigits.SequenceCompareTo(rightDigits) is var order && order != 0)
                return Math.Sign(order);
        }
        return 0;
    }

    static bool StartsWithNonDigit(ReadOnlySpan<char> part) => !part.IsEmpty && !char.IsAsciiDigit(part[0]);

    // '~' sorts before everything, even the end of a part; letters sort before other characters.
    static int Rank(ReadOnlySpan<char> part) =>
        part switch
        {
            [] => 0,
            ['~', ..] => -1,
            [var digit, ..] when char.IsAsciiDigit(digit) => 0,
            [var letter, ..] when char.IsAsciiLetter(letter) => letter,
            [var other, ..] => other + 256,
        };

    static ReadOnlySpan<char> TakeNumber(ref ReadOnlySpan<char> part)
    {
        var length = part.IndexOfAnyExceptInRange('0', '9');
        var number = length < 0 ? part : part[..length];
        part = part[number.Length..];
        return number.TrimStart('0');
    }

    public static bool operator <(DebianVersion left, DebianVersion right) => left.CompareTo(right) < 0;

    public static bool operator >(DebianVersion left, DebianVersion right) => left.CompareTo(right) > 0;

    public static bool operator <=(DebianVersion left, DebianVersion right) => left.CompareTo(right) <= 0;

    public static bool operator >=(DebianVersion left, DebianVersion right) => left.CompareTo(right) >= 0;

    public override string ToString() => Text;
}
