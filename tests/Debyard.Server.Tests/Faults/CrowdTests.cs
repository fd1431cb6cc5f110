using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Debyard.Server.Tests.Faults;

/// <summary>Clients that keep the server busy, or waiting: the others must not notice.</summary>
public sealed class CrowdTests
{
    static readonly TimeSpan patience = TimeSpan.FromSeconds(20);

    [Fact]
    public async Task Fifty_writers_into_fifty_branches_lose_nothing_and_list_nothing_twice()
    {
        await using var server = await RunningServer.StartAsync();
        var inherited = await SamplePackage.MakeAsync("inherited");
        await server.PutAsync("main", inherited);
        var writers = await Task.WhenAll(
            Enumerable
                .Range(0, 50)
                .Select(async number => (Branch: $"feature-{number}", Package: await SamplePackage.MakeAsync($"package{number:00}")))
        );

        var answers = await Task.WhenAll(writers.Select(writer => server.PutAsync(writer.Branch, writer.Package)));

        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        foreach (var (branch, package) in writers)
            Assert.Equal([inherited.FileName, package.FileName], await server.ListedAsync(branch));
        await server.Http.AssertSoundAsync();
    }

    [Fact]
    public async Task Slow_bodies_and_readers_and_half_closed_and_a_thousand_idle_connections_keep_nobody_waiting()
    {
        await using var server = await RunningServer.StartAsync();
        // More than sockets hold.
        var large = await SamplePackage.MakeAsync(
            "first",
            content: Convert.ToHexString(
                new Random(1).GetItems(Enumerable.Range(0, 256).Select(number => (byte)number).ToArray(), 8_000_000)
            )
        );
        await server.PutAsync("main", large);
        var package = await SamplePackage.MakeAsync();
        var request = Encoding.ASCII.GetBytes(
            $"PUT /main/{package.FileName} HTTP/1.1\r\nHost: x\r\nContent-Length: {package.Bytes.Length}\r\n\r\n"
        );
        var sockets = new List<Socket>();
        try
        {
            for (var number = 0; number < 1000; number++)
                sockets.Add(await ConnectAsync(server.Url));
            for (var number = 0; number < 50; number++)
            {
                var slow = await ConnectAsync(server.Url);
                await slow.SendAsync(request);
                await slow.SendAsync(package.Bytes.AsMemory(0, 10 + number));
                sockets.Add(slow);
                var half = await ConnectAsync(server.Url);
                await half.SendAsync(request.AsMemory(0, request.Length - number - 1));
                half.Shutdown(SocketShutdown.Send);
                sockets.Add(half);
                var reader = await ConnectAsync(server.Url);
                await reader.SendAsync(Encoding.ASCII.GetBytes($"GET /main/{large.FileName} HTTP/1.1\r\nHost: x\r\n\r\n"));
                await reader.ReceiveAsync(new byte[1]);
                sockets.Add(reader);
            }

            Assert.Equal(
                HttpStatusCode.Created,
                (await server.PutAsync("main", await SamplePackage.MakeAsync("second")).WaitAsync(patience)).StatusCode
            );
            Assert.Equal(["first_5.4.6-1_amd64.deb", "second_5.4.6-1_amd64.deb"], await server.ListedAsync("main").WaitAsync(patience));
            Assert.Equal(HttpStatusCode.Created, (await server.PutAsync("feature-x", package).WaitAsync(patience)).StatusCode);
        }
        finally
        {
            sockets.ForEach(socket => socket.Dispose());
        }
        await server.StopAsync();
        Assert.Empty(Directory.EnumerateFileSystemEntries(Path.Combine(server.Root, ".debyard/temporary")));
    }

    static async Task<Socket> ConnectAsync(Uri url)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(url.Host, url.Port);
        return socket;
    }
}
