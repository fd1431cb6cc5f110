using System.IO.Compression;

namespace Debyard.Debian;

/// <summary>The .gz format. Needs no library beside .NET, so it works everywhere.</summary>
public static class GZip
{
    /// <summary>A stream to read the decompressed bytes from; several members one after another count as one. The compressed one stays open.</summary>
    /// <exception cref="InvalidDataException">When read: the data is damaged.</exception>
    public static Stream Decompress(Stream compressed) => new GZipStream(compressed, CompressionMode.Decompress, leaveOpen: true);

    /// <summary>
    /// A stream to write to; disposing it ends the member. The output stays open. No name and no time are stored: the same bytes in give the
    /// same bytes out, as long as the .NET version is the same.
    /// </summary>
    public static Stream Compress(Stream output, CompressionLevel level = CompressionLevel.Optimal) => new GZipStream(output, level, leaveOpen: true);
}
