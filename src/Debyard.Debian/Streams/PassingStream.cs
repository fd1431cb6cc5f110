namespace Debyard.Debian.Streams;

/// <summary>Passes bytes on to a stream that stays open when this one is disposed.</summary>
sealed class PassingStream(Stream output) : WritingStream
{
    public override void Write(ReadOnlySpan<byte> buffer) => output.Write(buffer);

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default) =>
        output.WriteAsync(buffer, cancellationToken);

    public override void Flush() => output.Flush();
}
