using Docker.DotNet;

namespace Debyard.Pipeline.Engine;

/// <summary>Standard input and output of an attached command as one stream; its standard error is dropped.</summary>
public sealed class ContainerStream : Stream
{
    readonly MultiplexedStream stream;

    internal ContainerStream(MultiplexedStream stream) => this.stream = stream;

    public override bool CanRead => true;
    public override bool CanWrite => true;
    public override bool CanSeek => false;
    public override long Length => throw new NotSupportedException();
    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (buffer.IsEmpty)
        {
            return 0; // Docker.DotNet takes a read of no bytes for the end.
        }
        var bytes = new byte[buffer.Length];
        while (true)
        {
            var read = await stream.ReadOutputAsync(bytes, 0, bytes.Length, cancellationToken);
            if (read.EOF || read.Target == MultiplexedStream.TargetStream.StandardOut)
            {
                bytes.AsMemory(0, read.Count).CopyTo(buffer);
                return read.EOF ? 0 : read.Count;
            }
        }
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(buffer, offset, count, cancellationToken);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        new(stream.WriteAsync(buffer.ToArray(), 0, buffer.Length, cancellationToken));

    /// <summary>Ends the input, as <c>shutdown(2)</c> with <c>SHUT_WR</c> does; the output can still be read.</summary>
    public void CloseWrite() => stream.CloseWrite();

    public override void Flush() { }

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override int Read(byte[] buffer, int offset, int count) =>
        ReadAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override void Write(byte[] buffer, int offset, int count) =>
        WriteAsync(buffer, offset, count, CancellationToken.None).GetAwaiter().GetResult();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            stream.Dispose();
        }
        base.Dispose(disposing);
    }
}
