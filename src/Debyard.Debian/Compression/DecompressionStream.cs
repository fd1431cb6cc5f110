namespace Debyard.Debian;

/// <summary>Reads through a native decoder; the compressed stream stays open.</summary>
sealed class DecompressionStream(Stream compressed, DecompressionStream.IDecoder decoder) : Stream
{
    readonly byte[] input = new byte[64 * 1024];
    Memory<byte> unread;
    bool isLastInput;
    bool isEnded;

    /// <summary>What one call of a decoder took and gave; the end may come with bytes.</summary>
    public readonly record struct Step(int Consumed, int Produced, bool IsEnd);

    public interface IDecoder : IDisposable
    {
        /// <exception cref="DebianFormatException">The data is damaged or, with no more input to come, cut short.</exception>
        Step Decode(ReadOnlySpan<byte> input, Span<byte> output, bool isLastInput);
    }

    public override int Read(Span<byte> buffer)
    {
        while (!isEnded && !buffer.IsEmpty)
        {
            if (unread.IsEmpty && !isLastInput)
                Take(compressed.Read(input));
            if (Decode(buffer) is var produced && produced > 0)
                return produced;
        }
        return 0;
    }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (!isEnded && !buffer.IsEmpty)
        {
            if (unread.IsEmpty && !isLastInput)
                Take(await compressed.ReadAsync(input, cancellationToken));
            if (Decode(buffer.Span) is var produced && produced > 0)
                return produced;
        }
        return 0;
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    void Take(int count)
    {
        unread = input.AsMemory(0, count);
        isLastInput = count == 0;
    }

    int Decode(Span<byte> buffer)
    {
        var step = decoder.Decode(unread.Span, buffer, isLastInput);
        unread = unread[step.Consumed..];
        isEnded = step.IsEnd;
        return step.Produced;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
            decoder.Dispose();
        base.Dispose(disposing);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() { }

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
