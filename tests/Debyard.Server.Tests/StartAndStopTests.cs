using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Server.Configuration;

namespace Debyard.Server.Tests;

public sealed class StartAndStopTests
{
    [Fact]
    public async Task A_second_server_on_the_same_root_refuses_to_start()
    {
        await using var server = await RunningServer.StartAsync();

        Assert.StartsWith(
            "Another repository server uses " + server.Root,
            await RefusalAsync(new() { Repository = new() { Root = server.Root } })
        );
    }

    [Fact]
    public async Task A_port_that_is_taken_is_named()
    {
        await using var server = await RunningServer.StartAsync();
        using var folder = new TemporaryFolder();

        Assert.Contains(
            $"http://127.0.0.1:{server.Url.Port}",
            await RefusalAsync(
                new()
                {
                    Repository = new() { Root = folder.Path },
                    Urls = [$"http://127.0.0.1:{server.Url.Port}"],
                }
            )
        );

        // What was opened is let go of again.
        await using var next = await RepositoryServer.StartAsync(new() { Repository = new() { Root = folder.Path } }, default);
    }

    [Theory]
    [InlineData("http://0.0.0.0:0")]
    [InlineData("http://[::]:0")]
    [InlineData("http://*:0")]
    [InlineData("http://192.0.2.1:0")]
    [InlineData("8080")]
    public async Task Where_others_could_write_the_server_does_not_listen(string url)
    {
        using var folder = new TemporaryFolder();

        Assert.Contains(
            "127.0.0.1",
            await RefusalAsync(
                new()
                {
                    Repository = new() { Root = folder.Path },
                    Urls = [url],
                }
            )
        );

        Assert.Empty(Directory.EnumerateFileSystemEntries(folder.Path));
    }

    [Fact]
    public async Task A_root_that_is_no_folder_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.Write("file", "");

        Assert.Contains(file, await RefusalAsync(new() { Repository = new() { Root = file } }));
    }

    [Fact]
    public async Task An_upload_in_flight_is_finished_before_the_server_stops()
    {
        await using var server = await RunningServer.StartAsync();
        var package = await SamplePackage.MakeAsync();
        using var client = new TcpClient();
        await client.ConnectAsync(server.Url.Host, server.Url.Port);
        var stream = client.GetStream();
        await stream.WriteAsync(
            Encoding.ASCII.GetBytes(
                $"PUT /main/{package.FileName} HTTP/1.1\r\nHost: x\r\nContent-Length: {package.Bytes.Length}\r\n"
                    + "Expect: 100-continue\r\n\r\n"
            )
        );
        // The server asks for the body once it works on the request.
        await stream.ReadExactlyAsync(new byte["HTTP/1.1 100 Continue\r\n\r\n".Length]);

        var stopping = server.StopAsync();
        await stream.WriteAsync(package.Bytes);

        Assert.StartsWith("HTTP/1.1 201 ", await new StreamReader(stream).ReadToEndAsync());
        await stopping;
        await server.RestartAsync();
        Assert.Equal([package.FileName], await server.ListedAsync("main"));
    }

    [Fact]
    public async Task No_agent_of_gpg_is_left_running()
    {
        await using var server = await RunningServer.StartAsync();
        await server.PutAsync("main", await SamplePackage.MakeAsync());
        Assert.NotEmpty(Agents());

        await server.StopAsync();

        Assert.Empty(Agents());

        string[] Agents() =>
            [.. Directory.EnumerateDirectories("/proc").Where(folder => int.TryParse(Path.GetFileName(folder), out _)).Where(IsAgent)];

        bool IsAgent(string process)
        {
            try
            {
                return File.ReadAllText($"{process}/cmdline")
                    .Replace('\0', ' ')
                    .StartsWith($"gpg-agent --homedir {server.Root}", StringComparison.Ordinal);
            }
            catch (IOException)
            {
                return false;
            }
        }
    }

    [Fact]
    public async Task A_root_with_a_long_path_can_be_signed_for()
    {
        using var folder = new TemporaryFolder();
        var root = folder[string.Join('/', Enumerable.Repeat("a-folder-of-a-long-path", 8))];
        await using var server = await RepositoryServer.StartAsync(new() { Repository = new() { Root = root } }, default);
        using var http = new HttpClient { BaseAddress = server.Url };
        var package = await SamplePackage.MakeAsync();

        Assert.Equal(
            HttpStatusCode.Created,
            (await http.PutAsync($"main/{package.FileName}", new ByteArrayContent(package.Bytes))).StatusCode
        );
    }

    static async Task<string> RefusalAsync(ServerOptions options) =>
        (await Assert.ThrowsAsync<ServerStartException>(() => RepositoryServer.StartAsync(options, default))).Message;
}
