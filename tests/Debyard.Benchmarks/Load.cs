using System.Net.Sockets;
using System.Text;

namespace Debyard.Benchmarks;

/// <summary>Sends requests for one file over several connections, one at a time on each. Of an answer only its length is parsed.</summary>
static class Load
{
    public static Task RunAsync(Uri url, int connections, int requests) =>
        Task.WhenAll(Enumerable.Range(0, connections).Select(_ => Task.Run(() => AskAsync(url, requests / connections))));

    static async Task AskAsync(Uri url, int requests)
    {
        using var client = new TcpClient { NoDelay = true };
        await client.ConnectAsync(url.Host, url.Port);
        var stream = client.GetStream();
        var request = Encoding.ASCII.GetBytes($"GET {url.AbsolutePath} HTTP/1.1\r\nHost: {url.Authority}\r\n\r\n");
        var buffer = new byte[256 * 1024];
        for (var i = 0; i < requests; i++)
        {
            await stream.WriteAsync(request);
            var filled = 0;
            int end;
            while ((end = buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
                filled +=
                    await stream.ReadAsync(buffer.AsMemory(filled)) is var count && count > 0
                        ? count
                        : throw new IOException("The server closed the connection.");
            var head = Encoding.ASCII.GetString(buffer, 0, end);
            if (!head.StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal))
                throw new IOException(head);
            var at = head.IndexOf("Content-Length: ", StringComparison.OrdinalIgnoreCase) + "Content-Length: ".Length;
            var length = long.Parse(
                head.AsSpan(at, (head.IndexOf('\r', at) is var lineEnd && lineEnd < 0 ? head.Length : lineEnd) - at),
                System.Globalization.CultureInfo.InvariantCulture
            );
            for (var left = length - (filled - end - 4); left > 0; )
                left -=
                    await stream.ReadAsync(buffer) is var count && count > 0
                        ? count
                        : throw new IOException("The server closed the connection.");
        }
    }
}
