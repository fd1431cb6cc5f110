using System.Net;
using System.Net.Sockets;
using Debyard.Tests;

namespace Docker.DotNet.Tests;

public sealed class UnreachableEngineTests : IDisposable
{
    readonly TemporaryFolder folder = new();

    [Fact]
    public Task A_socket_that_is_not_there_is_a_failed_connection() => ConnectionFails(new Uri($"unix://{folder["docker.sock"]}"));

    [Fact]
    public Task A_port_nobody_listens_on_is_a_failed_connection()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var port = ((IPEndPoint)listener.LocalEndpoint).Port;
        listener.Stop();
        return ConnectionFails(new Uri($"tcp://127.0.0.1:{port}"));
    }

    static async Task ConnectionFails(Uri endpoint)
    {
        using var client = new DockerClientConfiguration(endpoint).CreateClient();
        var failures = new[]
        {
            await Assert.ThrowsAsync<HttpRequestException>(() => client.System.PingAsync()),
            await Assert.ThrowsAsync<HttpRequestException>(() => client.Exec.StartAndAttachContainerExecAsync("any", tty: false)),
        };
        Assert.All(
            failures,
            failure =>
            {
                Assert.Equal("Connection failed", failure.Message);
                Assert.IsType<SocketException>(failure.InnerException, exactMatch: false);
            }
        );
    }

    public void Dispose() => folder.Dispose();
}
