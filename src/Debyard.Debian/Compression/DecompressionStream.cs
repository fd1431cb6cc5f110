using Debyard.Debian.Streams;

namespace Debyard.Debian.Compression;

/// <summary>Reads a compressed stream through a decoder. The compressed stream stays open.</summary>
sealed class DecompressionStream(Stream compressed, DecompressionStream.IDecoder decoder) : ReadingStream
{
    readonly byte[] input = new byte[64 * 1024];
    Memory<byte> unread;
    bool isLastInput;
    bool isEnded;

    /// <summary>The bytes that one call consumed and produced. The last call may produce bytes too.</summary>
    public readonly record struct Step(int Consumed, int Produced, bool IsEnd);

    public interface IDecoder : IDisposable
    {
        /// <exception cref="DebianFormatException">The data is damaged or, if this is the last input, truncated.</exception>
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
}
