namespace Debyard.Debian.Compression;

/// <summary>Reads and writes the .xz format, by liblzma.</summary>
public static class Xz
{
    /// <summary>liblzma's default: a good compromise for files that are written once and read often.</summary>
    public const int DefaultPreset = 6;

    /// <summary>
    /// Returns a stream of the decompressed bytes; .xz streams that follow one another are one stream. The compressed stream stays open.
    /// </summary>
    /// <exception cref="DebianFormatException">On reading: the data is damaged, truncated, not .xz, or needs more than 256 MiB.</exception>
    /// <exception cref="DllNotFoundException">liblzma is not installed.</exception>
    public static Stream Decompress(Stream compressed) =>
        new DecompressionStream(compressed, new LzmaDecoder(Lzma.Decoder(LzmaDecoder.MemoryLimit), ".xz"));

    /// <summary>
    /// Returns a stream to write to; disposing it ends the .xz stream. The output stays open. The same input gives the same bytes.
    /// </summary>
    /// <param name="output">Receives the compressed bytes.</param>
    /// <param name="preset">0 (fast) to 9 (small).</param>
    /// <exception cref="DllNotFoundException">liblzma is not installed.</exception>
    public static Stream Compress(Stream output, int preset = DefaultPreset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(preset, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(preset, 9);
        return new XzCompressionStream(output, Lzma.Encoder((uint)preset));
    }

    /// <summary>
    /// Like <see cref="Compress"/>, but compresses blocks in parallel, as xz(1) and dpkg-deb do. The output is the same for any number of
    /// threads. Each thread needs memory: 18 MiB at preset 1, 140 MiB at preset 6.
    /// </summary>
    /// <param name="output">Receives the compressed bytes.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="preset">0 (fast) to 9 (small).</param>
    /// <exception cref="DllNotFoundException">liblzma is not installed.</exception>
    public static Stream CompressBlocks(Stream output, int threads, int preset = DefaultPreset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(threads, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(preset, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(preset, 9);
        return new XzCompressionStream(output, Lzma.BlockEncoder((uint)threads, (uint)preset));
    }
}
