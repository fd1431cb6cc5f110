using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Server.Configuration;
using Debyard.Server.Http;

namespace Debyard.Server.Tests;

/// <summary>Idle connections cannot keep other clients out. Every address of 127.0.0.0/8 is one of this machine.</summary>
public sealed class ConnectionLimitTests
{
    static readonly IPAddress hostile = IPAddress.Parse("127.0.0.2"),
        other = IPAddress.Parse("127.0.0.3"),
        proxy = IPAddress.Loopback;

    [Fact]
    public async Task An_address_with_too_many_connections_keeps_those_it_has_and_others_are_served()
    {
        await using var server = await StartAsync(new LimitOptions { ConnectionsPerAddress = 3 });
        var idle = new List<TcpClient>();
        for (var connection = 0; connection < 3; connection++)
        {
            idle.Add(await ConnectAsync(server, hostile));
            Assert.True(await IsServedAsync(idle[^1]));
        }

        using (var oneTooMany = await ConnectAsync(server, hostile))
            Assert.False(await IsServedAsync(oneTooMany));
        using (var neighbour = await ConnectAsync(server, other))
            Assert.True(await IsServedAsync(neighbour));
        Assert.True(await IsServedAsync(idle[0]));
        idle.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task A_closed_connection_makes_room_for_another()
    {
        await using var server = await StartAsync(new LimitOptions { ConnectionsPerAddress = 1 });
        for (var connection = 0; connection < 5; connection++)
        {
            // The server learns of the end of the one before at some time.
            using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(30));
            bool served;
            do
            {
                using var client = await ConnectAsync(server, hostile);
                served = await IsServedAsync(client);
            } while (!served && !deadline.IsCancellationRequested);
            Assert.True(served);
        }
    }

    [Fact]
    public async Task A_proxy_on_this_machine_has_no_limit_of_its_own()
    {
        await using var server = await StartAsync(new LimitOptions { ConnectionsPerAddress = 1 });
        using var first = await ConnectAsync(server, proxy);
        using var second = await ConnectAsync(server, proxy);

        Assert.True(await IsServedAsync(first));
        Assert.True(await IsServedAsync(second));
    }

    [Theory]
    [InlineData("Max open files            1024                 524288               files     ", 1024)]
    [InlineData("Max open files            unlimited            unlimited            files     ", long.MaxValue)]
    [InlineData("Max processes             95790                95790                processes ", 1024)]
    public void The_limit_on_open_files_is_read_as_the_kernel_writes_it(string line, long limit) =>
        Assert.Equal(
            limit,
            FileDescriptors.Parse(["Limit                     Soft Limit           Hard Limit           Units     ", line])
        );

    [Theory]
    [InlineData(256, 64)]
    [InlineData(1024, 256)]
    [InlineData(20_000, 9744)]
    [InlineData(long.MaxValue, 20_000)]
    public void Connections_leave_descriptors_for_files(long descriptors, int connections) =>
        Assert.Equal(connections, ConnectionLimits.DefaultTotal(descriptors));

    [Theory]
    [InlineData("192.0.2.7", "192.0.2.7")]
    [InlineData("::ffff:192.0.2.7", "192.0.2.7")]
    [InlineData("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::")]
    public void A_client_is_an_address_or_a_network(string address, string client) =>
        Assert.Equal(IPAddress.Parse(client), ClientNetwork.Of(IPAddress.Parse(address)));

    static Task<RunningServer> StartAsync(LimitOptions limits) =>
        RunningServer.StartAsync(
            new ServerOptions
            {
                Repository = new() { Root = "" },
                Limits = limits,
            }
        );

    static async Task<TcpClient> ConnectAsync(RunningServer server, IPAddress from)
    {
        var client = new TcpClient(new IPEndPoint(from, 0));
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        return client;
    }

    static async Task<bool> IsServedAsync(TcpClient client)
    {
        var stream = client.GetStream();
        try
        {
            await stream.WriteAsync(Encoding.ASCII.GetBytes("HEAD /healthz HTTP/1.1\r\nHost: x\r\n\r\n"));
            var answer = new byte[4096];
            var length = await stream.ReadAsync(answer);
            return Encoding.ASCII.GetString(answer, 0, length).StartsWith("HTTP/1.1 200 ", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false; // reset
        }
    }
}
