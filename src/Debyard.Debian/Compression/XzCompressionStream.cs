using Debyard.Debian.Streams;

namespace Debyard.Debian.Compression;

sealed class XzCompressionStream(Stream output, Lzma encoder) : WritingStream
{
    readonly byte[] compressed = new byte[64 * 1024];
    bool isEnded;

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        while (!buffer.IsEmpty)
        {
            Expect(encoder.Code(buffer, compressed, Lzma.Action.Run, out var consumed, out var produced));
            output.Write(compressed, 0, produced);
            buffer = buffer[consumed..];
        }
    }

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            Expect(encoder.Code(buffer.Span, compressed, Lzma.Action.Run, out var consumed, out var produced));
            await output.WriteAsync(compressed.AsMemory(0, produced), cancellationToken);
            buffer = buffer[consumed..];
        }
    }

    // Flushing would enlarge the output and make its bytes depend on when it happens; Dispose writes the rest.
    public override void Flush() { }

    protected override void Dispose(bool disposing)
    {
        if (disposing && !isEnded)
        {
            isEnded = true;
            using (encoder)
                Finish();
        }
        base.Dispose(disposing);
    }

    void Finish()
    {
        Lzma.Result result;
        do
        {
            result = Expect(encoder.Code([], compressed, Lzma.Action.Finish, out _, out var produced));
            output.Write(compressed, 0, produced);
        } while (result != Lzma.Result.StreamEnd);
    }

    static Lzma.Result Expect(Lzma.Result result) =>
        result switch
        {
            Lzma.Result.Ok or Lzma.Result.StreamEnd => result,
            Lzma.Result.MemoryError => throw new InsufficientMemoryException(),
            _ => throw new InvalidOperationException($"liblzma failed to compress: {result}."),
        };

    public override bool CanWrite => !isEnded;
}
