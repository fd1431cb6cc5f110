namespace Docker.DotNet.Http;

/// <summary>
/// An answer's body as the package gives it: a read of no bytes before the end counts as a cut connection. An asynchronous TarReader
/// makes such reads at the end of an entry, so its caller needs a <see cref="BufferedStream"/> between the two.
/// </summary>
sealed class ArchiveStream(Stream body) : Stream
{
    bool ended;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => Seen(body.Read(buffer, offset, count), count);

    public override async Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        Seen(await body.ReadAsync(buffer.AsMemory(offset, count), cancellationToken), count);

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
        Seen(await body.ReadAsync(buffer, cancellationToken), buffer.Length);

    public override void Flush() => body.Flush();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            body.Dispose();
        base.Dispose(disposing);
    }

    int Seen(int read, int wanted)
    {
        if (wanted == 0 && !ended)
            throw new EndOfStreamException();
        ended |= read == 0;
        return read;
    }
}
