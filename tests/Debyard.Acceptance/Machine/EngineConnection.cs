using System.Net.Sockets;

namespace Debyard.Acceptance.Machine;

/// <summary>This machine's engine at an address of a test's own, which can go away while the engine stays.</summary>
sealed class EngineConnection : IDisposable
{
    readonly Socket listener = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
    readonly List<Socket> sockets = [];
    readonly string path;

    public EngineConnection(string path)
    {
        this.path = path;
        listener.Bind(new UnixDomainSocketEndPoint(path));
        listener.Listen();
        _ = AcceptAsync();
    }

    public string Address => $"unix://{path}";

    /// <summary>Hangs up on everybody, and answers no more.</summary>
    public void GoAway()
    {
        lock (sockets)
        {
            listener.Dispose();
            sockets.ForEach(socket => socket.Dispose());
        }
        File.Delete(path);
    }

    async Task AcceptAsync()
    {
        var engine = new UnixDomainSocketEndPoint(
            (Environment.GetEnvironmentVariable("DOCKER_HOST") ?? "unix:///var/run/docker.sock")["unix://".Length..]
        );
        try
        {
            while (true)
            {
                var client = await listener.AcceptAsync();
                var server = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
                lock (sockets)
                {
                    sockets.AddRange([client, server]);
                }
                await server.ConnectAsync(engine);
                _ = CopyAsync(client, server);
                _ = CopyAsync(server, client);
            }
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It has gone away.
        }
    }

    static async Task CopyAsync(Socket from, Socket to)
    {
        try
        {
            var buffer = new byte[64 * 1024];
            while (await from.ReceiveAsync(buffer, SocketFlags.None) is > 0 and var count)
            {
                for (var sent = 0; sent < count; )
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent), SocketFlags.None);
                }
            }
            to.Shutdown(SocketShutdown.Send);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // One of the two has hung up.
        }
    }

    public void Dispose() => GoAway();
}
