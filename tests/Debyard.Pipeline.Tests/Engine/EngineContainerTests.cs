using System.Formats.Tar;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Debyard.Pipeline.Engine;

namespace Debyard.Pipeline.Tests.Engine;

[Collection("Docker engine")]
[Trait("Needs", "Engine")]
public sealed class EngineContainerTests(EngineFixture fixture)
{
    [Fact]
    public async Task Files_go_into_a_container_that_never_ran_and_come_out_again()
    {
        await using var container = await CreateAsync();
        var large = Encoding.UTF8.GetBytes(new string('c', 300_000));
        // An empty file makes TarReader ask for no bytes, which Docker.DotNet takes for a cut connection.
        await container.WriteAsync(
            [("/in/a.txt", "ä\n"u8.ToArray()), ("/in/b/empty", []), ("/in/b/large", large)],
            CancellationToken.None,
            (UnixFileMode)0b110_000_000
        );

        await using var tar = await container.TryReadFolderAsync("/in", CancellationToken.None);
        var files = new Dictionary<string, byte[]>();
        while (await tar!.GetNextEntryAsync() is { } entry)
        {
            if (entry.EntryType == TarEntryType.RegularFile)
            {
                Assert.Equal(((UnixFileMode)0b110_000_000, 0), (entry.Mode, entry.Uid));
                var content = new MemoryStream();
                await (entry.DataStream ?? Stream.Null).CopyToAsync(content);
                files[entry.Name] = content.ToArray();
            }
        }
        Assert.Equal("ä\n"u8.ToArray(), files["in/a.txt"]);
        Assert.Empty(files["in/b/empty"]);
        Assert.Equal(large, files["in/b/large"]);
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_null()
    {
        await using var container = await CreateAsync();
        Assert.Null(await container.TryReadFolderAsync("/missing", CancellationToken.None));
    }

    [Fact]
    public async Task A_folder_need_not_be_read_to_its_end()
    {
        await using var container = await CreateAsync();
        await using (var tar = await container.TryReadFolderAsync("/bin", CancellationToken.None))
        {
            Assert.NotNull(await tar!.GetNextEntryAsync());
        }
        Assert.Null(await container.TryReadFolderAsync("/missing", CancellationToken.None));
    }

    [Fact]
    public async Task A_command_ends_with_its_exit_code_and_all_it_wrote()
    {
        await using var container = await StartAsync();
        var end = await container.RunAsync(["bash", "-c", "echo out ä; echo error >&2; echo $LC_ALL; exit 4"], CancellationToken.None);
        Assert.Equal(4, end.ExitCode);
        Assert.Equal(["C.UTF-8", "error", "out ä"], end.Output.TrimEnd('\n').Split('\n').Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_command_can_write_megabytes()
    {
        await using var container = await StartAsync();
        var end = await container.RunAsync(
            ["bash", "-c", "for ((i = 0; i < 20000; i++)); do echo 0123456789012345678901234567890123456789ääääääääää; done"],
            CancellationToken.None
        );
        const string line = "0123456789012345678901234567890123456789ääääääääää\n";
        Assert.Equal(string.Concat(Enumerable.Repeat(line, 20_000)), end.Output);
    }

    [Fact]
    public async Task Waiting_for_a_command_ends_when_it_is_cancelled()
    {
        await using var container = await StartAsync();
        using var cancel = new CancellationTokenSource();
        var end = container.RunAsync(["sleep", "600"], cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => end);
    }

    [Fact]
    public async Task A_service_is_asked_to_end_and_its_log_is_there()
    {
        await using var container = await StartAsync();
        var service = await container.StartProcessAsync(
            "service",
            "bash -c 'trap \"echo ending; exit 0\" TERM; echo ready; while :; do read -t 1 <> <(:); done'",
            CancellationToken.None
        );
        await UntilAsync(service, "ready\n");
        Assert.False(service.HasExited);
        Assert.True(await service.StopAsync(TimeSpan.FromMinutes(1), CancellationToken.None));
        Assert.Equal(("ready\nending\n", true), (service.Log, service.HasExited));
    }

    [Fact]
    public async Task A_service_that_does_not_end_is_killed()
    {
        await using var container = await StartAsync();
        var service = await container.StartProcessAsync(
            "service",
            "bash -c 'trap \"echo refused\" TERM; echo ready; while :; do read -t 1 <> <(:); done'",
            CancellationToken.None
        );
        await UntilAsync(service, "ready\n");
        Assert.False(await service.StopAsync(TimeSpan.FromMilliseconds(100), CancellationToken.None));
    }

    [Fact]
    public async Task Both_ends_of_a_connection_take_turns_and_the_others_end_is_seen()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        // The container shares the machine's network, so the test itself can be the service.
        await using var container = await fixture.Engine.StartAsync(fixture.Image, "host", CancellationToken.None);
        await using var stream = await container.ConnectAsync((IPEndPoint)listener.LocalEndpoint, CancellationToken.None);
        using var service = await listener.AcceptTcpClientAsync();
        var served = service.GetStream();

        foreach (var word in new[] { "ping", "pong" })
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(word));
            Assert.Equal(word, await ReadAsync(served, 4));
            await served.WriteAsync(Encoding.UTF8.GetBytes(word + "!"));
            Assert.Equal(word + "!", await ReadAsync(stream, 5));
        }

        var megabytes = new byte[2 << 20];
        Random.Shared.NextBytes(megabytes);
        var sending = served.WriteAsync(megabytes).AsTask();
        var received = new byte[megabytes.Length];
        await stream.ReadExactlyAsync(received);
        await sending;
        Assert.Equal(megabytes, received);

        var back = new byte[megabytes.Length];
        var reading = served.ReadExactlyAsync(back).AsTask();
        await stream.WriteAsync(megabytes);
        await reading;
        Assert.Equal(megabytes, back);

        service.Close();
        Assert.Equal(0, await stream.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task A_port_that_nobody_listens_on_refuses_the_connection()
    {
        await using var container = await StartAsync();

        var refusal = await Assert.ThrowsAsync<SocketException>(() =>
            container.ConnectAsync(new IPEndPoint(IPAddress.Loopback, 1), CancellationToken.None)
        );

        Assert.Equal(SocketError.ConnectionRefused, refusal.SocketErrorCode);
    }

    [Fact]
    public async Task A_service_sees_that_its_client_has_sent_all_and_can_still_answer()
    {
        using var listener = new TcpListener(IPAddress.IPv6Loopback, 0);
        listener.Start();
        await using var container = await fixture.Engine.StartAsync(fixture.Image, "host", CancellationToken.None);
        await using var stream = await container.ConnectAsync((IPEndPoint)listener.LocalEndpoint, CancellationToken.None);
        using var service = await listener.AcceptTcpClientAsync();
        await stream.WriteAsync("question"u8.ToArray());
        stream.CloseWrite();

        Assert.Equal("question", await new StreamReader(service.GetStream()).ReadToEndAsync());
        await service.GetStream().WriteAsync("answer"u8.ToArray());
        service.Client.Shutdown(SocketShutdown.Send);

        Assert.Equal("answer", await new StreamReader(stream).ReadToEndAsync());
    }

    [Fact]
    public async Task Changes_are_listed_and_an_image_made_of_them_has_them()
    {
        await using var container = await StartAsync();
        await container.RunAsync(["bash", "-c", "echo new > /new"], CancellationToken.None);

        var changes = await container.ReadChangesAsync(CancellationToken.None);

        Assert.Contains(new FileChange(FileChangeKind.Added, "/new"), changes);
        const string Image = "debyard/tests/commit:1";
        await fixture.Engine.CommitAsync(container, Image, CancellationToken.None);
        await using (var copy = await fixture.Engine.CreateAsync(new(fixture.Image, Image, "none"), CancellationToken.None))
        {
            Assert.Equal("new\n", Encoding.UTF8.GetString((await copy.TryReadFileAsync("/new", CancellationToken.None))!));
            Assert.Null(await copy.TryReadFileAsync("/old", CancellationToken.None));
        }
        await fixture.Engine.RemoveImageAsync(Image);
        Assert.Null(await fixture.Engine.FindImageIdAsync(Image, CancellationToken.None));
    }

    [Fact]
    public async Task Disposing_removes_a_running_container_and_one_that_is_gone_already()
    {
        var before = (await fixture.ContainersAsync()).ToHashSet();
        var container = await StartAsync();
        Assert.Single((await fixture.ContainersAsync()).Except(before));
        await container.DisposeAsync();
        Assert.Empty((await fixture.ContainersAsync()).Except(before));
        await container.DisposeAsync();
    }

    Task<EngineContainer> CreateAsync() => fixture.Engine.CreateAsync(fixture.Image, fixture.Image.Reference, CancellationToken.None);

    Task<EngineContainer> StartAsync() => fixture.Engine.StartAsync(fixture.Image, "none", CancellationToken.None);

    static int Port(TcpListener listener) => ((IPEndPoint)listener.LocalEndpoint).Port;

    static async Task<string> ReadAsync(Stream stream, int count)
    {
        var buffer = new byte[count];
        await stream.ReadExactlyAsync(buffer);
        return Encoding.UTF8.GetString(buffer);
    }

    static async Task UntilAsync(ContainerProcess process, string log)
    {
        while (process.Log != log && !process.HasExited)
        {
            await Task.Yield();
        }
        Assert.Equal(log, process.Log);
    }
}
