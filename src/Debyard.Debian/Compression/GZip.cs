using System.IO.Compression;
using Debyard.Debian.Streams;

namespace Debyard.Debian.Compression;

/// <summary>The .gz format. Needs no library beside .NET, so it works everywhere.</summary>
public static class GZip
{
    // RFC 1952, the shortest there is: a header, an empty last block, the checksum and the size of nothing.
    static readonly byte[] nothing = [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 3, 3, 0, 0, 0, 0, 0, 0, 0, 0, 0];

    // Without it GZipStream takes data cut short for whole. It is read once, by the first of its streams in the process, so a host that
    // decompresses elsewhere before it comes here does well to set it in its own runtime configuration.
    static GZip() => AppContext.SetSwitch("System.IO.Compression.UseStrictValidation", true);

    /// <summary>A stream to read the decompressed bytes from; several members one after another count as one. The compressed one stays open.</summary>
    /// <exception cref="DebianFormatException">When read: the data is damaged, cut short, or not .gz.</exception>
    public static Stream Decompress(Stream compressed) => new Decompression(new Noticing(compressed));

    /// <summary>
    /// A stream to write to; disposing it ends the member. The output stays open. No name and no time are stored: the same bytes in give the
    /// same bytes out, as long as .NET's version and the kind of system are the same.
    /// </summary>
    public static Stream Compress(Stream output, CompressionLevel level = CompressionLevel.Optimal) => new Compression(output, level);

    sealed class Decompression(Noticing compressed) : ReadingStream
    {
        readonly GZipStream gzip = new(compressed, CompressionMode.Decompress, leaveOpen: true);

        public override int Read(Span<byte> buffer)
        {
            try
            {
                return Checked(gzip.Read(buffer));
            }
            catch (InvalidDataException fault)
            {
                throw Damaged(fault);
            }
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            try
            {
                return Checked(await gzip.ReadAsync(buffer, cancellationToken));
            }
            catch (InvalidDataException fault)
            {
                throw Damaged(fault);
            }
        }

        // GZipStream takes no bytes for the compressed form of nothing; gzip(1) does not.
        int Checked(int count) => count > 0 || compressed.HadBytes ? count : throw new DebianFormatException("The .gz data is cut short.");

        static DebianFormatException Damaged(InvalidDataException fault) =>
            new("The data is not in .gz format, damaged, or cut short.", fault);

        protected override void Dispose(bool disposing)
        {
            if (disposing)
                gzip.Dispose();
            base.Dispose(disposing);
        }
    }

    /// <summary>Knows whether there was anything to read.</summary>
    sealed class Noticing(Stream source) : ReadingStream
    {
        public bool HadBytes { get; private set; }

        public override int Read(Span<byte> buffer) => Notice(source.Read(buffer));

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            Notice(await source.ReadAsync(buffer, cancellationToken));

        int Notice(int count)
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

        // A flush in the middle would cost size and change the bytes; the end comes with Dispose.
        public override void Flush() { }

        protected override void Dispose(bool disposing)
        {
            if (disposing && !isEnded)
            {
                isEnded = true;
                gzip.Dispose();
                // GZipStream writes nothing at all where nothing was written, which is no .gz file, and apt refuses it as an empty index.
                if (!hadBytes)
                    output.Write(nothing);
            }
            base.Dispose(disposing);
        }
    }
}
