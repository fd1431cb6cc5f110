using Debyard.Debian.Streams;
using ICSharpCode.SharpZipLib;
using ICSharpCode.SharpZipLib.BZip2;

namespace Debyard.Debian.Compression;

/// <summary>Reads the .bz2 format, which older packages and CPack use for <c>data.tar</c>.</summary>
public static class BZip2
{
    /// <summary>
    /// Returns a stream of the decompressed bytes, up to the end of the first .bz2 stream, as dpkg reads it. The compressed stream stays
    /// open.
    /// </summary>
    /// <exception cref="DebianFormatException">On reading: the data is damaged, truncated or not .bz2.</exception>
    public static Stream Decompress(Stream compressed) => new Decompression(new BufferedStream(compressed, 64 * 1024));

    sealed class Decompression(BufferedStream compressed) : ReadingStream
    {
        // Its constructor already decodes the first block, so it is created by the first read.
        BZip2InputStream? bzip2;

        public override int Read(Span<byte> buffer)
        {
            try
            {
                bzip2 ??= new BZip2InputStream(compressed) { IsStreamOwner = false };
                return bzip2.Read(buffer);
            }
            catch (EndOfStreamException exception)
            {
                throw new DebianFormatException("The .bz2 data is truncated.", exception);
            }
            catch (Exception exception) when (exception is SharpZipBaseException or IndexOutOfRangeException)
            {
                throw new DebianFormatException("The data is damaged or not in .bz2 format.", exception);
            }
        }

        // The library reads only synchronously.
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new(Read(buffer.Span));
        }
    }
}
