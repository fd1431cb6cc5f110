using System.Text;
using Docker.DotNet;

namespace Debyard.Pipeline.Engine;

/// <summary>What a command in a container has written so far: standard output and error in the order of arrival.</summary>
sealed class OutputLog
{
    readonly StringBuilder text = new();
    readonly Decoder decoder = Encoding.UTF8.GetDecoder();

    public async Task ReadAsync(MultiplexedStream stream, CancellationToken cancellation)
    {
        var buffer = new byte[16 * 1024];
        var characters = new char[buffer.Length];
        while (await stream.ReadOutputAsync(buffer, 0, buffer.Length, cancellation) is { EOF: false } read)
        {
            lock (text)
            {
                text.Append(characters, 0, decoder.GetChars(buffer, 0, read.Count, characters, 0));
            }
        }
    }

    public override string ToString()
    {
        lock (text)
        {
            return text.ToString();
        }
    }
}
