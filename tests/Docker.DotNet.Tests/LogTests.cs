using System.Text;
using Docker.DotNet.Models;

namespace Docker.DotNet.Tests;

[Collection(nameof(Engine))]
public sealed class LogTests(EngineFixture engine)
{
    static readonly ContainerLogsParameters Everything = new()
    {
        ShowStdout = true,
        ShowStderr = true,
        Follow = true,
    };

    [Fact]
    public async Task Output_and_errors_come_apart_without_a_terminal()
    {
        var id = await engine.StartAsync("echo out ä; echo err >&2; echo more");
        using var logs = await engine.Client.Containers.GetContainerLogsAsync(id, tty: false, Everything);
        Assert.Equal(("out ä\nmore\n", "err\n"), await logs.ReadOutputToEndAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_terminal_mixes_them()
    {
        var id = await engine.StartAsync("echo out; echo err >&2", p => p.Tty = true);
        using var logs = await engine.Client.Containers.GetContainerLogsAsync(id, tty: true, Everything);
        Assert.Equal(("out\r\nerr\r\n", ""), await logs.ReadOutputToEndAsync(CancellationToken.None));
    }

    [Fact]
    public async Task A_small_buffer_gets_a_frame_in_pieces()
    {
        var id = await engine.StartAsync("echo 0123456789");
        using var logs = await engine.Client.Containers.GetContainerLogsAsync(id, tty: false, Everything);
        var buffer = new byte[4];
        var pieces = new List<string>();
        for (
            var read = await logs.ReadOutputAsync(buffer, 0, 4, default);
            !read.EOF;
            read = await logs.ReadOutputAsync(buffer, 0, 4, default)
        )
        {
            Assert.Equal(MultiplexedStream.TargetStream.StandardOut, read.Target);
            pieces.Add(Encoding.UTF8.GetString(buffer, 0, read.Count));
        }
        Assert.Equal("0123456789\n", string.Concat(pieces));
        Assert.All(pieces, piece => Assert.InRange(piece.Length, 1, 4));
    }

    [Fact]
    public async Task A_tail_has_the_last_lines_of_the_stream_that_is_asked_for()
    {
        var id = await engine.StartAsync("for i in 1 2 3; do echo $i; done; echo err >&2");
        await engine.Client.Containers.WaitContainerAsync(id);
        using var logs = await engine.Client.Containers.GetContainerLogsAsync(id, tty: false, new() { ShowStdout = true, Tail = "2" });
        var (stdout, stderr) = await logs.ReadOutputToEndAsync(CancellationToken.None);
        Assert.EndsWith("3\n", stdout, StringComparison.Ordinal);
        Assert.DoesNotContain("1", stdout, StringComparison.Ordinal);
        Assert.Empty(stderr);
    }

    [Fact]
    public async Task Following_ends_when_it_is_cancelled()
    {
        var id = await engine.StartAsync("echo started; read -t 600 <> <(:)");
        using var logs = await engine.Client.Containers.GetContainerLogsAsync(id, tty: false, Everything);
        Assert.Equal(8, (await logs.ReadOutputAsync(new byte[100], 0, 100, default)).Count);

        using var cancel = new CancellationTokenSource();
        var next = logs.ReadOutputAsync(new byte[100], 0, 100, cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => next);
        await engine.Client.Containers.RemoveContainerAsync(id, new() { Force = true });
    }

    [Fact]
    public async Task A_stream_cut_inside_a_frame_is_an_error()
    {
        byte[] frame = [1, 0, 0, 0, 0, 0, 0, 5, (byte)'a', (byte)'b'];
        using var cut = new MultiplexedStream(new MemoryStream(frame), multiplexed: true);
        await Assert.ThrowsAsync<EndOfStreamException>(() => cut.ReadOutputToEndAsync(CancellationToken.None));

        using var headless = new MultiplexedStream(new MemoryStream(frame[..3]), multiplexed: true);
        await Assert.ThrowsAsync<EndOfStreamException>(() => headless.ReadOutputToEndAsync(CancellationToken.None));
    }
}
