using System.Buffers;
using ZstdSharp;

namespace Debyard.Debian.Compression;

/// <summary>Reads the .zst format, which Ubuntu's packages use.</summary>
public static class Zstandard
{
    /// <summary>
    /// Returns a stream of the decompressed bytes; frames that follow one another are one stream. The compressed stream stays open.
    /// </summary>
    /// <exception cref="DebianFormatException">
    /// On reading: the data is damaged, truncated or not .zst, or needs more than 128 MiB of memory (zstd's own default limit).
    /// </exception>
    public static Stream Decompress(Stream compressed) => new DecompressionStream(compressed, new Decoder());

    sealed class Decoder : DecompressionStream.IDecoder
    {
        readonly Decompressor zstd = new();

        // Empty input is not .zst data, but the data may end after any frame.
        bool isBetweenFrames;

        public DecompressionStream.Step Decode(ReadOnlySpan<byte> input, Span<byte> output, bool isLastInput)
        {
            if (isLastInput && isBetweenFrames)
                return new(0, 0, IsEnd: true);
            var status = zstd.UnwrapStream(input, output, out var consumed, out var produced);
            if (status == OperationStatus.InvalidData)
                throw new DebianFormatException("The data is damaged, not in .zst format, or needs more than 128 MiB to decompress.");
            isBetweenFrames = status == OperationStatus.Done;
            return isLastInput && produced == 0 && !isBetweenFrames
                ? throw new DebianFormatException("The .zst data is truncated.")
                : new(consumed, produced, IsEnd: false);
        }

        public void Dispose() => zstd.Dispose();
    }
}
