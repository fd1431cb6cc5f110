using System.IO.Compression;
using Debyard.Debian.Streams;

namespace Debyard.Debian.Compression;

/// <summary>Reads and writes the .gz format with .NET alone.</summary>
public static class GZip
{
    // RFC 1952, the compressed form of no bytes: a header, an empty last block, the checksum 0 and the size 0.
    static readonly byte[] emptyMember = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    // Without this switch GZipStream accepts truncated data. .NET reads it once, at the first use of a GZipStream in the process, so a host
    // that decompresses before it uses this class should set the switch in its runtime configuration.
    static GZip() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>
    /// Returns a stream of the decompressed bytes; members that follow one another are one stream. The compressed stream stays open.
    /// </summary>
    /// <exception cref="DebianFormatException">On reading: the data is damaged, truncated or not .gz.</exception>
    public static Stream Decompress(Stream compressed) => new Decompression(new ReadTracking(compressed));

    /// <summary>
    /// Returns a stream to write to; disposing it ends the member. The output stays open. No name and no time are stored, so the same input
    /// gives the same bytes on the same platform and version of .NET.
    /// </summary>
    public static Stream Compress(Stream output, CompressionLevel level = CompressionLevel.Optimal) => new Compression(output, level);

    /// <summary>The nearest of .NET's levels to one of gzip(1).</summary>
    public static CompressionLevel LevelOf(int level) =>
        level switch
        {
            0 => CompressionLevel.NoCompression,
            < 4 => CompressionLevel.Fastest,
            < 9 => CompressionLevel.Optimal,
            _ => CompressionLevel.SmallestSize,
        };

    sealed class Decompression(ReadTracking compressed) : ReadingStream
    {
        readonly GZipStream gzip = new(compressed, CompressionMode.Decompress, leaveOpen: true);

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return Checked(gzip.Read(buffer));
            }
            catch (InvalidDataException exception)
            {
                throw Damaged(exception);
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return Checked(await gzip.ReadAsync(buffer, cancellationToken));
            }
            catch (InvalidDataException exception)
            {
                throw Damaged(exception);
            }
        }

        // GZipStream accepts empty input as valid; gzip(1) does not.
        int Checked(int count) => count > 0 || compressed.HadBytes ? count : throw new DebianFormatException("The .gz data is truncated.");

        static DebianFormatException Damaged(InvalidDataException exception) =>
            new("The data is not in .gz format, damaged or truncated.", exception);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                gzip.Dispose();
            base.Dispose(disposing);
        }
    }

    sealed class ReadTracking(Stream source) : ReadingStream
    {
        public bool HadBytes { get; private set; }

        public override int Read(Span<byte> buffer) => Track(source.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Track(await source.ReadAsync(buffer, cancellationToken));

        int Track(int count)
        {
            HadBytes |= count > 0;
            return count;
        }
    }

    sealed class Compression(Stream output, CompressionLevel level) : WritingStream
    {
        readonly GZipStream gzip = new(output, level, leaveOpen: true);
        bool hadBytes;
        bool isEnded;

        public override void Write(ReadOnlySpan<byte> buffer)
        {
            hadBytes |= !buffer.IsEmpty;
            gzip.Write(buffer);
        }

        public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
        {
            hadBytes |= !buffer.IsEmpty;
            return gzip.WriteAsync(buffer, cancellationToken);
        }

        // Flushing would enlarge the output and make its bytes depend on when it happens; Dispose writes the rest.
        public override void Flush() { }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !isEnded)
            {
                isEnded = true;
                gzip.Dispose();
                // For empty input GZipStream writes nothing, which is not a valid .gz file; apt rejects it.
                if (!hadBytes)
                    output.Write(emptyMember);
            }
            base.Dispose(disposing);
        }
    }
}
