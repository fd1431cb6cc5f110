using System.Buffers;
using System.Buffers.Binary;
using System.Text.Json.Serialization;

namespace Debyard.Debian.Names;

/// <summary>
/// A SHA-256 digest, in 32 bytes instead of a string. Its text is 64 lower-case hexadecimal digits; digests are ordered as their texts are.
/// </summary>
[JsonConverter(typeof(Sha256JsonConverter))]
public readonly record struct Sha256 : IComparable<Sha256>, ISpanFormattable, IUtf8SpanFormattable
{
    /// <summary>The length of the digest in bytes.</summary>
    public const int Size = 32;

    /// <summary>The length of the digest's text in characters.</summary>
    public const int TextLength = 2 * Size;

    readonly ulong first;
    readonly ulong second;
    readonly ulong third;
    readonly ulong fourth;

    /// <param name="digest">Exactly <see cref="Size"/> bytes.</param>
    public Sha256(ReadOnlySpan<byte> digest)
    {
        ArgumentOutOfRangeException.ThrowIfNotEqual(digest.Length, Size, nameof(digest));
        first = BinaryPrimitives.ReadUInt64BigEndian(digest);
        second = BinaryPrimitives.ReadUInt64BigEndian(digest[8..]);
        third = BinaryPrimitives.ReadUInt64BigEndian(digest[16..]);
        fourth = BinaryPrimitives.ReadUInt64BigEndian(digest[24..]);
    }

    /// <summary>Parses 64 hexadecimal digits in lower or upper case.</summary>
    /// <exception cref="DebianFormatException">The text is something else.</exception>
    public static Sha256 Parse(ReadOnlySpan<char> text) =>
        TryParse(text, out var digest)
            ? digest
            : throw new DebianFormatException($"'{text}' is not a SHA-256 digest, which is 64 hexadecimal digits.");

    /// <inheritdoc cref="Parse"/>
    /// <returns>False where <see cref="Parse"/> would throw.</returns>
    public static bool TryParse(ReadOnlySpan<char> text, out Sha256 digest)
    {
        Span<byte> bytes = stackalloc byte[Size];
        var isDigest = text.Length == TextLength && Convert.FromHexString(text, bytes, out _, out _) == OperationStatus.Done;
        digest = isDigest ? new Sha256(bytes) : default;
        return isDigest;
    }

    /// <summary>Writes the digest's bytes; the destination must have room for <see cref="Size"/> of them.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, first);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], second);
        BinaryPrimitives.WriteUInt64BigEndian(destination[16..], third);
        BinaryPrimitives.WriteUInt64BigEndian(destination[24..], fourth);
    }

    public bool TryFormat(
        Span<char> destination,
        out int charsWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null
    )
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.TryToHexStringLower(bytes, destination, out charsWritten);
    }

    public bool TryFormat(
        Span<byte> utf8Destination,
        out int bytesWritten,
        ReadOnlySpan<char> format = default,
        IFormatProvider? provider = null
    )
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.TryToHexStringLower(bytes, utf8Destination, out bytesWritten);
    }

    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    string IFormattable.ToString(string? format, IFormatProvider? provider) => ToString();

    public bool Equals(Sha256 other) => first == other.first && second == other.second && third == other.third && fourth == other.fourth;

    // The first bytes of a digest are random enough for a hash code.
    public override int GetHashCode() => HashCode.Combine(first);

    public int CompareTo(Sha256 other) =>
        first != other.first ? first.CompareTo(other.first)
        : second != other.second ? second.CompareTo(other.second)
        : third != other.third ? third.CompareTo(other.third)
        : fourth.CompareTo(other.fourth);

    public static bool operator <(Sha256 left, Sha256 right) => left.CompareTo(right) < 0;

    public static bool operator >(Sha256 left, Sha256 right) => left.CompareTo(right) > 0;

    public static bool operator <=(Sha256 left, Sha256 right) => left.CompareTo(right) <= 0;

    public static bool operator >=(Sha256 left, Sha256 right) => left.CompareTo(right) >= 0;
}
