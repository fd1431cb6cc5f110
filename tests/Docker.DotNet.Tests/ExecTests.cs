using System.Net;
using System.Text;
using Docker.DotNet.Models;

namespace Docker.DotNet.Tests;

[Collection(nameof(Engine))]
public sealed class ExecTests(EngineFixture engine)
{
    readonly IExecOperations exec = engine.Client.Exec;

    [Fact]
    public async Task Output_errors_and_exit_code_come_back()
    {
        var (stdout, stderr, exitCode) = await RunAsync("echo $GREETING $A; echo err >&2; exit 4", p => p.Env = ["A=1"]);
        Assert.Equal(("hello 1\n", "err\n", 4L), (stdout, stderr, exitCode));
    }

    [Fact]
    public async Task Input_goes_in_and_its_end_is_seen_while_output_goes_on()
    {
        var (stdout, _, exitCode) = await RunAsync(
            "while read line; do echo \"got $line\"; done; echo end",
            p => p.AttachStdin = true,
            input: "one\ntwo\n"
        );
        Assert.Equal(("got one\ngot two\nend\n", 0L), (stdout, exitCode));
    }

    [Fact]
    public async Task Input_and_output_take_turns_on_one_connection()
    {
        await using var container = await RunningAsync();
        var process = await exec.ExecCreateContainerAsync(
            container.Id,
            Bash("while read line; do echo \"$line!\"; done", p => p.AttachStdin = true)
        );
        using var stream = await exec.StartAndAttachContainerExecAsync(process.ID, tty: false);
        var buffer = new byte[100];
        foreach (var word in new[] { "ping", "pong" })
        {
            await stream.WriteAsync(Encoding.UTF8.GetBytes(word + "\n"), 0, word.Length + 1, default);
            var read = await stream.ReadOutputAsync(buffer, 0, buffer.Length, default);
            Assert.Equal(word + "!\n", Encoding.UTF8.GetString(buffer, 0, read.Count));
        }
        Assert.True((await exec.InspectContainerExecAsync(process.ID)).Running);
        stream.CloseWrite();
        Assert.True((await stream.ReadOutputAsync(buffer, 0, buffer.Length, default)).EOF);
        Assert.False((await exec.InspectContainerExecAsync(process.ID)).Running);
    }

    [Fact]
    public async Task Megabytes_pass_in_both_directions()
    {
        var line = new string('x', 1023) + "\n";
        var input = string.Concat(Enumerable.Repeat(line, 2048));
        var (stdout, _, _) = await RunAsync("while read -r line; do echo \"$line\"; done", p => p.AttachStdin = true, input);
        Assert.Equal(input.Length, stdout.Length);
        Assert.Equal(input, stdout);
    }

    [Fact]
    public async Task A_terminal_is_one_raw_stream()
    {
        await using var container = await RunningAsync();
        var process = await exec.ExecCreateContainerAsync(container.Id, Bash("[ -t 1 ] && echo tty; echo err >&2", p => p.Tty = true));
        using var stream = await exec.StartAndAttachContainerExecAsync(process.ID, tty: true);
        Assert.Equal(("tty\r\nerr\r\n", ""), await stream.ReadOutputToEndAsync(CancellationToken.None));
    }

    [Fact]
    public async Task Reading_ends_when_it_is_cancelled()
    {
        await using var container = await RunningAsync();
        var process = await exec.ExecCreateContainerAsync(container.Id, Bash("read -t 600 <> <(:)"));
        using var stream = await exec.StartAndAttachContainerExecAsync(process.ID, tty: false);
        using var cancel = new CancellationTokenSource();
        var read = stream.ReadOutputToEndAsync(cancel.Token);
        cancel.Cancel();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
    }

    [Fact]
    public async Task A_container_that_does_not_run_is_a_conflict()
    {
        var id = await engine.CreateAsync("true");
        var refusal = await Assert.ThrowsAsync<DockerApiException>(() => exec.ExecCreateContainerAsync(id, Bash("true")));
        Assert.Equal(HttpStatusCode.Conflict, refusal.StatusCode);
    }

    [Fact]
    public async Task A_missing_process_is_reported_as_a_missing_container()
    {
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => exec.StartAndAttachContainerExecAsync("missing", tty: false));
        await Assert.ThrowsAsync<DockerContainerNotFoundException>(() => exec.InspectContainerExecAsync("missing"));
    }

    async Task<(string Stdout, string Stderr, long ExitCode)> RunAsync(
        string script,
        Action<ContainerExecCreateParameters>? change = null,
        string? input = null
    )
    {
        await using var container = await RunningAsync();
        var process = await exec.ExecCreateContainerAsync(container.Id, Bash(script, change));
        using var stream = await exec.StartAndAttachContainerExecAsync(process.ID, tty: false);
        var output = stream.ReadOutputToEndAsync(CancellationToken.None);
        if (input is not null)
        {
            await stream.CopyFromAsync(new MemoryStream(Encoding.UTF8.GetBytes(input)), CancellationToken.None);
            stream.CloseWrite();
        }
        var (stdout, stderr) = await output;
        var inspected = await exec.InspectContainerExecAsync(process.ID);
        Assert.Equal((process.ID, container.Id), (inspected.ExecID, inspected.ContainerID));
        return (stdout, stderr, inspected.ExitCode);
    }

    static ContainerExecCreateParameters Bash(string script, Action<ContainerExecCreateParameters>? change = null)
    {
        var parameters = new ContainerExecCreateParameters
        {
            Cmd = ["/bin/bash", "-c", script],
            AttachStdout = true,
            AttachStderr = true,
        };
        change?.Invoke(parameters);
        return parameters;
    }

    async Task<RunningContainer> RunningAsync() => new(engine.Client, await engine.StartAsync("read -t 600 <> <(:)"));

    sealed record RunningContainer(DockerClient Client, string Id) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync() => await Client.Containers.RemoveContainerAsync(Id, new() { Force = true });
    }
}
