using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Debyard.Server.Tests.Faults;

/// <summary>A proxy for one client that lets something happen before it passes on each request but the first.</summary>
sealed class SlowProxy : IAsyncDisposable
{
    readonly TcpListener listener = new(IPAddress.Loopback, 0);
    readonly CancellationTokenSource stop = new();
    readonly Task serving;

    public SlowProxy(Uri server, Func<Task> between)
    {
        listener.Start();
        serving = ServeAsync(server, between);
    }

    public Uri Url => new($"http://{listener.LocalEndpoint}/");

    public async ValueTask DisposeAsync()
    {
        await stop.CancelAsync();
        listener.Stop();
        await serving;
        stop.Dispose();
    }

    async Task ServeAsync(Uri server, Func<Task> between)
    {
        var requests = 0;
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var client = await listener.AcceptTcpClientAsync(stop.Token);
                using var upstream = new TcpClient();
                await upstream.ConnectAsync(server.Host, server.Port, stop.Token);
                var answers = upstream.GetStream().CopyToAsync(client.GetStream(), stop.Token);
                var asking = client.GetStream();
                while (await RequestAsync(asking) is { } request)
                {
                    if (requests++ > 0)
                        await between();
                    await upstream.GetStream().WriteAsync(request, stop.Token);
                }
                upstream.Client.Shutdown(SocketShutdown.Send);
                await answers;
            }
            catch (Exception end) when (end is OperationCanceledException or IOException or SocketException)
            {
                // The client's end, or ours.
            }
        }
    }

    // One request of a client that sends no body and waits for each answer.
    async Task<byte[]?> RequestAsync(NetworkStream asking)
    {
        var request = new List<byte>();
        var one = new byte[1];
        while (await asking.ReadAsync(one, stop.Token) > 0)
        {
            request.Add(one[0]);
            if (request.Count > 4 && Encoding.ASCII.GetString([.. request[^4..]]) == "\r\n\r\n")
                return [.. request];
        }
        return null;
    }
}
