namespace Debyard.Debian.Tests;

/// <summary>A stream like a network connection: it cannot seek, has no length, and returns few bytes at a time.</summary>
sealed class OneWayStream(byte[] bytes) : Stream
{
    readonly MemoryStream source = new(bytes);

    public override int Read(byte[] buffer, int offset, int count) => source.Read(buffer, offset, Math.Min(count, 1000));

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override void Flush() { }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
