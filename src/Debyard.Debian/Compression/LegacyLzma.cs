namespace Debyard.Debian.Compression;

/// <summary>Reads the .lzma format, the predecessor of .xz, by liblzma. The format has no checksum.</summary>
public static class LegacyLzma
{
    /// <summary>Returns a stream of the decompressed bytes. The compressed stream stays open.</summary>
    /// <exception cref="DebianFormatException">
    /// On reading: the data is damaged, truncated, not .lzma, or needs more than 256 MiB.
    /// </exception>
    /// <exception cref="DllNotFoundException">liblzma is not installed.</exception>
    public static Stream Decompress(Stream compressed) =>
        new DecompressionStream(compressed, new LzmaDecoder(Lzma.LegacyDecoder(LzmaDecoder.MemoryLimit), ".lzma"));
}
