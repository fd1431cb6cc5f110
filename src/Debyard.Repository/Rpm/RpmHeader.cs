using System.Buffers.Binary;
using System.Text;
using Debyard.Repository.Storage;

namespace Debyard.Repository.Rpm;

/// <summary>The type of an entry's values (rpm's lib/rpmtag.h, <c>rpmTagType</c>), numbers by their bits.</summary>
public enum RpmType
{
    Character = 1,
    Number8 = 2,
    Number16 = 3,
    Number32 = 4,
    Number64 = 5,
    Text = 6,
    Binary = 7,
    Texts = 8,
    TranslatedTexts = 9,
}

/// <summary>One entry of a header. Numbers are big-endian, strings end with a zero byte.</summary>
public sealed record RpmEntry(int Tag, RpmType Type, int Count, ReadOnlyMemory<byte> Data);

/// <summary>
/// A header structure of an rpm: the signature header or the main one. Both are an index of entries and their data
/// (https://rpm-software-management.github.io/rpm/manual/format_header.html).
/// </summary>
public sealed class RpmHeader
{
    // rpm itself accepts 65535 entries and 256 MiB; a package of 100,000 files has about 20 MiB.
    const int MaxEntries = 65_535;
    const int MaxData = 32 * 1024 * 1024;
    const int IntroSize = 16;
    const int IndexEntrySize = 16;

    readonly Dictionary<int, RpmEntry> entries;

    RpmHeader(byte[] bytes, Dictionary<int, RpmEntry> entries) => (Bytes, this.entries) = (bytes, entries);

    internal static ReadOnlySpan<byte> Magic => [0x8e, 0xad, 0xe8, 0x01, 0, 0, 0, 0];

    /// <summary>The whole structure as it is in the file, with its magic number. Digests and signatures of a header are over it.</summary>
    public byte[] Bytes { get; }

    public IReadOnlyCollection<RpmEntry> Entries => entries.Values;

    /// <param name="stream">Must be seekable.</param>
    /// <exception cref="InvalidUploadException">The stream has no valid header here.</exception>
    public static async Task<RpmHeader> ReadAsync(Stream stream, CancellationToken cancellation)
    {
        var intro = new byte[IntroSize];
        await ReadAsync(stream, intro, cancellation);
        if (!intro.AsSpan().StartsWith(Magic))
            throw Damaged("a header does not begin with rpm's magic number");
        var count = BinaryPrimitives.ReadUInt32BigEndian(intro.AsSpan(8));
        var size = BinaryPrimitives.ReadUInt32BigEndian(intro.AsSpan(12));
        if (count > MaxEntries || size > MaxData)
            throw Damaged($"a header has {count} entries and {size} bytes, more than {MaxEntries} or {MaxData}");
        // Before memory is taken for what a header only claims to have.
        if (stream.Length - stream.Position < IndexEntrySize * count + size)
            throw Damaged("it is truncated");
        var bytes = new byte[IntroSize + IndexEntrySize * count + size];
        intro.CopyTo(bytes, 0);
        await ReadAsync(stream, bytes.AsMemory(IntroSize), cancellation);
        return Parse(bytes, (int)count);
    }

    internal static async Task ReadAsync(Stream stream, Memory<byte> buffer, CancellationToken cancellation)
    {
        if (await stream.ReadAtLeastAsync(buffer, buffer.Length, throwOnEndOfStream: false, cancellation) < buffer.Length)
            throw Damaged("it is truncated");
    }

    /// <summary>The entry's text, the first one if it has several; null if there is no such entry.</summary>
    public string? Text(int tag) => Texts(tag) is [var first, ..] ? first : null;

    /// <summary>The entry's strings; none if there is no such entry.</summary>
    public IReadOnlyList<string> Texts(int tag)
    {
        if (!entries.TryGetValue(tag, out var entry) || entry.Type is not (RpmType.Text or RpmType.Texts or RpmType.TranslatedTexts))
            return [];
        var texts = new string[entry.Count];
        var rest = entry.Data.Span;
        for (var i = 0; i < texts.Length; i++)
        {
            var end = rest.IndexOf((byte)0);
            texts[i] = Encoding.UTF8.GetString(rest[..end]);
            rest = rest[(end + 1)..];
        }
        return texts;
    }

    /// <summary>The entry's first number; null if there is no such entry.</summary>
    public long? Number(int tag) => Numbers(tag) is [var first, ..] ? first : null;

    /// <summary>The entry's numbers, unsigned; none if there is no such entry.</summary>
    public IReadOnlyList<long> Numbers(int tag)
    {
        if (!entries.TryGetValue(tag, out var entry) || entry.Type is < RpmType.Character or > RpmType.Number64)
            return [];
        var (numbers, size) = (new long[entry.Count], SizeOf(entry.Type));
        for (var i = 0; i < numbers.Length; i++)
            foreach (var octet in entry.Data.Span.Slice(i * size, size))
                numbers[i] = numbers[i] << 8 | octet;
        return numbers;
    }

    /// <summary>The size of one value, which is also its alignment; 1 for strings and binary data.</summary>
    internal static int SizeOf(RpmType type) =>
        type switch
        {
            RpmType.Number16 => 2,
            RpmType.Number32 => 4,
            RpmType.Number64 => 8,
            _ => 1,
        };

    internal static InvalidUploadException Damaged(string how) => new($"The rpm is damaged: {how}.");

    static RpmHeader Parse(byte[] bytes, int count)
    {
        var data = bytes.AsMemory(IntroSize + IndexEntrySize * count);
        var entries = new Dictionary<int, RpmEntry>(count);
        for (var i = 0; i < count; i++)
        {
            var index = bytes.AsSpan(IntroSize + IndexEntrySize * i, IndexEntrySize);
            var tag = BinaryPrimitives.ReadInt32BigEndian(index);
            var type = (RpmType)BinaryPrimitives.ReadInt32BigEndian(index[4..]);
            var offset = BinaryPrimitives.ReadUInt32BigEndian(index[8..]);
            var values = BinaryPrimitives.ReadUInt32BigEndian(index[12..]);
            if (offset > data.Length || values > data.Length)
                throw Damaged($"entry {tag} of a header is outside of its data");
            entries[tag] = new RpmEntry(tag, type, (int)values, Data(tag, type, (int)values, data[(int)offset..]));
        }
        return new RpmHeader(bytes, entries);
    }

    static ReadOnlyMemory<byte> Data(int tag, RpmType type, int count, ReadOnlyMemory<byte> rest)
    {
        if (type is < RpmType.Character or > RpmType.TranslatedTexts)
            throw Damaged($"entry {tag} of a header has the unknown type {(int)type}");
        long size = (long)SizeOf(type) * count;
        if (type is RpmType.Text or RpmType.Texts or RpmType.TranslatedTexts)
        {
            size = 0;
            for (var i = 0; i < count; i++)
                size +=
                    rest.Span[(int)size..].IndexOf((byte)0) is var end && end >= 0
                        ? end + 1
                        : throw Damaged($"a text of entry {tag} of a header has no end");
        }
        return size <= rest.Length ? rest[..(int)size] : throw Damaged($"entry {tag} of a header is outside of its data");
    }
}
