namespace Debyard.Debian.Compression;

/// <summary>The .xz format, by liblzma.</summary>
public static class Xz
{
    /// <summary>liblzma's own default, a fair trade for files that are written once and read often.</summary>
    public const int DefaultPreset = 6;

    // xz -9 needs 65 MiB to decompress; a header that asks for much more is an attack, or nothing that a package holds.
    const ulong DecoderMemory = 256 * 1024 * 1024;

    /// <summary>A stream to read the decompressed bytes from. The compressed one stays open.</summary>
    /// <exception cref="DebianFormatException">When read: the data is damaged, cut short, not .xz, or needs more than 256 MiB.</exception>
    /// <exception cref="DllNotFoundException">liblzma is not installed.</exception>
    public static Stream Decompress(Stream compressed) => new DecompressionStream(compressed, new Decoder());

    /// <summary>
    /// A stream to write to; disposing it ends the .xz stream. The output stays open. The same bytes in give the same bytes out.
    /// </summary>
    /// <param name="output">Where the compressed bytes go.</param>
    /// <param name="preset">0 (fast) to 9 (small).</param>
    /// <exception cref="DllNotFoundException">liblzma is not installed.</exception>
    public static Stream Compress(Stream output, int preset = DefaultPreset)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(preset, 0);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(preset, 9);
        return new XzCompressionStream(output, Lzma.Encoder((uint)preset));
    }

    sealed class Decoder : DecompressionStream.IDecoder
    {
        readonly Lzma lzma = Lzma.Decoder(DecoderMemory);

        public DecompressionStream.Step Decode(ReadOnlySpan<byte> input, Span<byte> output, bool isLastInput)
        {
            var result = lzma.Code(input, output, isLastInput ? Lzma.Action.Finish : Lzma.Action.Run, out var consumed, out var produced);
            return result switch
            {
                Lzma.Result.Ok => new(consumed, produced, IsEnd: false),
                Lzma.Result.StreamEnd => new(consumed, produced, IsEnd: true),
                Lzma.Result.BufferError when isLastInput => throw new DebianFormatException("The .xz data is cut short."),
                Lzma.Result.BufferError => new(consumed, produced, IsEnd: false),
                Lzma.Result.FormatError => throw new DebianFormatException("The data is not in .xz format."),
                Lzma.Result.MemoryLimit => throw new DebianFormatException("The .xz data needs more than 256 MiB of memory to decompress."),
                Lzma.Result.MemoryError => throw new InsufficientMemoryException(),
                _ => throw new DebianFormatException("The .xz data is damaged."),
            };
        }

        public void Dispose() => lzma.Dispose();
    }
}
