using System.Buffers;
using System.Buffers.Binary;
using Microsoft.Net.Http.Client;

namespace Docker.DotNet;

/// <summary>
/// A container's output and input over one connection. Without a terminal the engine frames output: one byte for the stream, three
/// zeros, the length in four bytes, big-endian (Docker Engine API, "Attach to a container", stream format).
/// </summary>
public class MultiplexedStream(Stream stream, bool multiplexed) : IDisposable
{
    const int BufferSize = 81920;

    readonly byte[] header = new byte[8];
    TargetStream target;
    int remaining;

    public enum TargetStream
    {
        StandardIn = 0,
        StandardOut = 1,
        StandardError = 2,
    }

    public struct ReadResult
    {
        public int Count { get; set; }

        public TargetStream Target { get; set; }

        public readonly bool EOF => Count == 0;
    }

    /// <summary>Ends the process's input; its output can still be read. Without effect where there is no input.</summary>
    public void CloseWrite() => (stream as WriteClosableStream)?.CloseWrite();

    public Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        stream.WriteAsync(buffer, offset, count, cancellationToken);

    /// <summary>The next piece of one of the streams, never a mixture.</summary>
    /// <exception cref="EndOfStreamException">The connection ended inside a frame.</exception>
    public async Task<ReadResult> ReadOutputAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken)
    {
        if (!multiplexed)
        {
            return new ReadResult
            {
                Count = await stream.ReadAsync(buffer.AsMemory(offset, count), cancellationToken),
                Target = TargetStream.StandardOut,
            };
        }

        while (remaining == 0)
        {
            if (!await ReadHeaderAsync(cancellationToken))
                return new ReadResult();
        }
        var read = await stream.ReadAsync(buffer.AsMemory(offset, Math.Min(count, remaining)), cancellationToken);
        if (read == 0)
            throw new EndOfStreamException();
        remaining -= read;
        return new ReadResult { Count = read, Target = target };
    }

    /// <summary>Everything up to the end, as UTF-8.</summary>
    public async Task<(string stdout, string stderr)> ReadOutputToEndAsync(CancellationToken cancellationToken)
    {
        using var stdout = new MemoryStream();
        using var stderr = new MemoryStream();
        await CopyOutputToAsync(Stream.Null, stdout, stderr, cancellationToken);
        return (Text(stdout), Text(stderr));

        static string Text(MemoryStream bytes)
        {
            bytes.Position = 0;
            using var reader = new StreamReader(bytes);
            return reader.ReadToEnd();
        }
    }

    public async Task CopyFromAsync(Stream input, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(input);
        await input.CopyToAsync(stream, BufferSize, cancellationToken);
    }

    public async Task CopyOutputToAsync(Stream stdin, Stream stdout, Stream stderr, CancellationToken cancellationToken)
    {
        var buffer = ArrayPool<byte>.Shared.Rent(BufferSize);
        try
        {
            for (
                var read = await ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken);
                !read.EOF;
                read = await ReadOutputAsync(buffer, 0, buffer.Length, cancellationToken)
            )
            {
                var output = read.Target switch
                {
                    TargetStream.StandardIn => stdin,
                    TargetStream.StandardOut => stdout,
                    _ => stderr,
                };
                await output.WriteAsync(buffer.AsMemory(0, read.Count), cancellationToken);
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    public void Dispose()
    {
        stream.Dispose();
        GC.SuppressFinalize(this);
    }

    async Task<bool> ReadHeaderAsync(CancellationToken cancellationToken)
    {
        var read = await stream.ReadAtLeastAsync(header, header.Length, throwOnEndOfStream: false, cancellationToken);
        if (read == 0)
            return false;
        if (read < header.Length)
            throw new EndOfStreamException();
        target = (TargetStream)header[0];
        if (!Enum.IsDefined(target))
            throw new IOException("unknown stream type");
        remaining = BinaryPrimitives.ReadInt32BigEndian(header.AsSpan(4));
        return true;
    }
}
