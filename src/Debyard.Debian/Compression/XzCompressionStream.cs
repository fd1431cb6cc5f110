namespace Debyard.Debian;

sealed class XzCompressionStream(Stream output, Lzma encoder) : Stream
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

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!buffer.IsEmpty)
        {
            Expect(encoder.Code(buffer.Span, compressed, Lzma.Action.Run, out var consumed, out var produced));
            await output.WriteAsync(compressed.AsMemory(0, produced), cancellationToken);
            buffer = buffer[consumed..];
        }
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    // A flush in the middle would cost size and change the bytes; the end comes with Dispose.
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
        }
        while (result != Lzma.Result.StreamEnd);
    }

    static Lzma.Result Expect(Lzma.Result result) => result switch
    {
        Lzma.Result.Ok or Lzma.Result.StreamEnd => result,
        Lzma.Result.MemoryError => throw new InsufficientMemoryException(),
        _ => throw new InvalidOperationException($"liblzma could not compress: {result}."),
    };

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => !isEnded;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
