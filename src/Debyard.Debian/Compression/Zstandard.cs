using System.Buffers;
using Debyard.Debian.Streams;
using ZstdSharp;
using ZstdSharp.Unsafe;

namespace Debyard.Debian.Compression;

/// <summary>Reads and writes the .zst format, which Ubuntu's packages use.</summary>
public static class Zstandard
{
    /// <summary>
    /// Returns a stream of the decompressed bytes; frames that follow one another are one stream. The compressed stream stays open.
    /// </summary>
    /// <exception cref="DebianFormatException">
    /// On reading: the data is damaged, truncated or not .zst, or needs more than 128 MiB of memory (zstd's own default limit).
    /// </exception>
    public static Stream Decompress(Stream compressed) => new DecompressionStream(compressed, new Decoder());

    /// <summary>zstd's default.</summary>
    public const int DefaultLevel = 3;

    /// <summary>
    /// Returns a stream to write to; disposing it ends the frame. The output stays open. The output is the same for any number of threads.
    /// </summary>
    /// <param name="output">Receives the compressed bytes.</param>
    /// <param name="threads">At least 1.</param>
    /// <param name="level">1 (fast) to 19 (small).</param>
    public static Stream Compress(Stream output, int threads, int level = DefaultLevel)
    {
        var zstd = new CompressionStream(output, level, leaveOpen: true);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_nbWorkers, threads);
        zstd.SetParameter(ZSTD_cParameter.ZSTD_c_checksumFlag, 1);
        return new Compression(zstd);
    }

    // TarWriter flushes; flushing would enlarge the output and make its bytes depend on when it happens. Dispose writes the rest.
    sealed class Compression(CompressionStream zstd) : WritingStream
    {
        public override void Write(ReadOnlySpan<byte> buffer) => zstd.Write(buffer);

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
            zstd.WriteAsync(buffer, cancellationToken);

        public override void Flush() { }

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                zstd.Dispose();
            base.Dispose(disposing);
        }
    }

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
