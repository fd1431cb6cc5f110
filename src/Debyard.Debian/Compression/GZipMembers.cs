using System.Buffers.Binary;
using System.IO.Hashing;

namespace Debyard.Debian.Compression;

/// <summary>Composes a .gz file of members that were compressed one by one (RFC 1952, 2.2), so unchanged members can be reused.</summary>
public static class GZipMembers
{
    // A member without content, because a .gz file needs at least one member.
    static readonly byte[] empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var member = new MemoryStream();
        using (var compressing = GZip.Compress(member))
            compressing.Write(content);
        return member.Length > 0 ? member.ToArray() : empty;
    }

    /// <summary>Writes a complete .gz file; without members, one with empty content.</summary>
    public static void Write(IReadOnlyCollection<byte[]> members, Stream output)
    {
        foreach (var member in members.Count > 0 ? members : [empty])
            output.Write(member);
    }

    /// <summary>
    /// Splits a file into its members, if they contain exactly <paramref name="contents"/>, one each; otherwise returns null.
    /// </summary>
    public static IReadOnlyList<byte[]>? Split(ReadOnlySpan<byte> file, IReadOnlyList<byte[]> contents)
    {
        var members = new List<byte[]>(contents.Count);
        Span<byte> trailer = stackalloc byte[8];
        foreach (var content in contents)
        {
            // The format does not state the length of a member, but each ends with the checksum and the size of its content.
            BinaryPrimitives.WriteUInt32LittleEndian(trailer, Crc32.HashToUInt32(content));
            BinaryPrimitives.WriteUInt32LittleEndian(trailer[4..], (uint)content.Length);
            var end = file.IndexOf(trailer);
            if (end < 0)
                return null;
            members.Add(file[..(end + trailer.Length)].ToArray());
            file = file[(end + trailer.Length)..];
        }
        return file.IsEmpty ? members : null;
    }
}
