using System.Buffers.Binary;
using System.IO.Hashing;

namespace Debyard.Debian;

/// <summary>A .gz file of members that were compressed alone (RFC 1952, 2.2), so that those that did not change are used again.</summary>
public static class GZipMembers
{
    // What GZipStream, given nothing, leaves out: a member that holds nothing. A .gz file without a member is none.
    static readonly byte[] empty = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    public static byte[] Compress(ReadOnlySpan<byte> content)
    {
        using var member = new MemoryStream();
        using (var compressing = GZip.Compress(member))
            compressing.Write(content);
        return member.Length > 0 ? member.ToArray() : empty;
    }

    /// <summary>Writes a whole .gz file; without members one that holds nothing.</summary>
    public static void Write(IReadOnlyCollection<byte[]> members, Stream output)
    {
        foreach (var member in members.Count > 0 ? members : [empty])
            output.Write(member);
    }

    /// <summary>The members of a file that holds exactly <paramref name="contents"/>, one each; null where it does not look so.</summary>
    public static IReadOnlyList<byte[]>? Split(ReadOnlySpan<byte> file, IReadOnlyList<byte[]> contents)
    {
        var members = new List<byte[]>(contents.Count);
        Span<byte> trailer = stackalloc byte[8];
        foreach (var content in contents)
        {
            // A member's length is nowhere said, but how it ends is: the content's checksum and its size.
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
