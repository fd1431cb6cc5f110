using Docker.DotNet;

namespace Debyard.Pipeline.Engine;

/// <summary>A service running in a container.</summary>
public sealed class ContainerProcess
{
    const string PidFile = "/run/debyard-service.pid";

    readonly EngineContainer container;
    readonly DockerClient client;
    readonly OutputLog log = new();
    Task reading = Task.CompletedTask;
    string execution = "";

    internal ContainerProcess(EngineContainer container, DockerClient client) => (this.container, this.client) = (container, client);

    /// <summary>All the service has written so far.</summary>
    public string Log => log.ToString();

    public bool HasExited => reading.IsCompleted;

    /// <summary>Its exit code, or the number of the signal that ended it plus 128; null while it runs.</summary>
    public async Task<long?> FindExitCodeAsync(CancellationToken cancellation) =>
        HasExited ? (await client.Exec.InspectContainerExecAsync(execution, cancellation)).ExitCode : null;

    internal async Task StartAsync(string command, CancellationToken cancellation)
    {
        // The engine can start a command but cannot signal it, so the shell writes down its process id and then becomes the service.
        execution = await container.CreateExecutionAsync(
            ["sh", "-c", $"echo $$ > {PidFile}; exec {command}"],
            attachInput: false,
            cancellation
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
        await container.RunAsync(["sh", "-c", $"kill -TERM $(cat {PidFile})"], cancellation);
        if (await Task.WhenAny(reading, Task.Delay(patience, cancellation)) == reading)
        {
            return true;
        }
        await container.RunAsync(["sh", "-c", $"kill -KILL $(cat {PidFile})"], cancellation);
        return false;
    }
}
