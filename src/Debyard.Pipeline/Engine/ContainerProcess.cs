using Docker.DotNet;

namespace Debyard.Pipeline.Engine;

/// <summary>A service running in a container, started by <c>exec</c>.</summary>
public sealed class ContainerProcess
{
    readonly EngineContainer container;
    readonly DockerClient client;
    readonly OutputLog log = new();
    readonly string pidFile;
    string execution = "";
    Task reading = Task.CompletedTask;

    internal ContainerProcess(EngineContainer container, DockerClient client, string name) =>
        (this.container, this.client, pidFile) = (container, client, $"/run/debyard-{name}.pid");

    /// <summary>All the service has written so far.</summary>
    public string Log => log.ToString();

    public bool HasExited => reading.IsCompleted;

    /// <summary>The exit code; null while it runs.</summary>
    public async Task<long?> FindExitCodeAsync(CancellationToken cancellation)
    {
        var end = await client.Exec.InspectContainerExecAsync(execution, cancellation);
        return end.Running ? null : end.ExitCode;
    }

    internal async Task StartAsync(string command, IReadOnlyDictionary<string, string> variables, CancellationToken cancellation)
    {
        // The engine can start a command but cannot signal it, so the shell writes down its process id and then becomes the service.
        execution = await container.CreateExecutionAsync(
            ["sh", "-c", $"echo $$ > {pidFile}; exec {command}"],
            attachInput: false,
            cancellation,
            variables
        );
        var stream = await client.Exec.StartAndAttachContainerExecAsync(execution, tty: false, cancellation);
        reading = Task.Run(
            async () =>
            {
                using (stream)
                {
                    await log.ReadAsync(stream, cancellation);
                }
            },
            CancellationToken.None
        );
    }

    /// <summary>Sends SIGTERM and waits for the service to end.</summary>
    /// <returns>False if it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan patience, CancellationToken cancellation)
    {
        await container.RunAsync(["sh", "-c", $"kill -TERM $(cat {pidFile})"], cancellation);
        if (await Task.WhenAny(reading, Task.Delay(patience, cancellation)) == reading)
        {
            return true;
        }
        await container.RunAsync(["sh", "-c", $"kill -KILL $(cat {pidFile})"], cancellation);
        return false;
    }
}
