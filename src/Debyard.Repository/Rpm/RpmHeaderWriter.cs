using System.Buffers.Binary;

namespace Debyard.Repository.Rpm;

/// <summary>Writes a header structure whose entries are all in its immutable region, as rpm itself does.</summary>
public static class RpmHeaderWriter
{
    /// <summary>The tag of a signature header's region, and of a main header's.</summary>
    public const int SignatureRegion = 62,
        MainRegion = 63;

    const int TrailerSize = 16;

    /// <param name="region">The tag of the region.</param>
    /// <param name="entries">The entries, except the region itself.</param>
    public static byte[] Write(int region, IEnumerable<RpmEntry> entries)
    {
        var sorted = entries.OrderBy(entry => entry.Tag).ToList();
        using var index = new MemoryStream();
        using var data = new MemoryStream();
        foreach (var entry in sorted)
        {
            while (data.Length % RpmHeader.SizeOf(entry.Type) != 0)
                data.WriteByte(0);
            Append(index, entry.Tag, (int)entry.Type, (int)data.Length, entry.Count);
            data.Write(entry.Data.Span);
        }
        using var header = new MemoryStream();
        header.Write(RpmHeader.Magic);
        Append(header, sorted.Count + 1, (int)data.Length + TrailerSize);
        // The region's own entry is first and refers to the trailer behind the data, which has the size of the region's index.
        Append(header, region, (int)RpmType.Binary, (int)data.Length, TrailerSize);
        index.WriteTo(header);
        data.WriteTo(header);
        Append(header, region, (int)RpmType.Binary, -16 * (sorted.Count + 1), TrailerSize);
        return header.ToArray();
    }

    static void Append(MemoryStream output, params ReadOnlySpan<int> numbers)
    {
        Span<byte> bytes = stackalloc byte[4];
        foreach (var number in numbers)
        {
            BinaryPrimitives.WriteInt32BigEndian(bytes, number);
            output.Write(bytes);
        }
    }
}
