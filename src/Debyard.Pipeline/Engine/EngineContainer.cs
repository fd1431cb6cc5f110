using System.Formats.Tar;
using System.Net;
using Debyard.Pipeline.Images;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Debyard.Pipeline.Engine;

/// <summary>The exit code and output of a command that ran in a container.</summary>
public sealed record CommandResult(long ExitCode, string Output);

/// <summary>A container that Debyard created. Disposing removes it, even while it runs.</summary>
public sealed class EngineContainer : IAsyncDisposable
{
    readonly DockerClient client;
    readonly string id;
    readonly Image? image;

    internal EngineContainer(DockerClient client, string id, Image? image) => (this.client, this.id, this.image) = (client, id, image);

    internal Task StartAsync(CancellationToken cancellation) =>
        client.Containers.StartContainerAsync(id, new ContainerStartParameters(), cancellation);

    /// <summary>Streams the files of a folder in the container as a tar; null if the folder does not exist.</summary>
    public async Task<TarReader?> TryReadFolderAsync(string folder, CancellationToken cancellation)
    {
        try
        {
            var archive = await client.Containers.GetArchiveFromContainerAsync(
                id,
                new GetArchiveFromContainerParameters { Path = folder },
                statOnly: false,
                cancellation
            );
            // Buffered, because TarReader sometimes reads zero bytes, which Docker.DotNet treats as a closed connection.
            return new TarReader(new BufferedStream(archive.Stream, 64 * 1024));
        }
        catch (DockerContainerNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Writes files owned by root at absolute paths, with their folders. By default everybody can read them.</summary>
    public async Task WriteAsync(
        IEnumerable<(string Path, byte[] Content)> files,
        CancellationToken cancellation,
        UnixFileMode mode = (UnixFileMode)0b110_100_100
    )
    {
        using var archive = new MemoryStream();
        await using (var tar = new TarWriter(archive, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, content) in files)
            {
                await tar.WriteEntryAsync(
                    new PaxTarEntry(TarEntryType.RegularFile, path.TrimStart('/')) { Mode = mode, DataStream = new MemoryStream(content) },
                    cancellation
                );
            }
        }
        archive.Position = 0;
        await client.Containers.ExtractArchiveToContainerAsync(id, new ContainerPathStatParameters { Path = "/" }, archive, cancellation);
    }

    /// <summary>Runs a command to its end and returns standard output and error as one text.</summary>
    public async Task<CommandResult> RunAsync(IList<string> command, CancellationToken cancellation)
    {
        var execution = await CreateExecutionAsync(command, attachInput: false, cancellation);
        using var stream = await client.Exec.StartAndAttachContainerExecAsync(execution, tty: false, cancellation);
        var output = new OutputLog();
        await output.ReadAsync(stream, cancellation);
        var end = await client.Exec.InspectContainerExecAsync(execution, cancellation);
        return new CommandResult(end.ExitCode, output.ToString());
    }

    /// <summary>Starts a command that keeps running, such as a service. Its log grows while it runs.</summary>
    public async Task<ContainerProcess> StartProcessAsync(string command, CancellationToken cancellation)
    {
        var process = new ContainerProcess(this, client);
        await process.StartAsync(command, cancellation);
        return process;
    }

    /// <summary>
    /// Connects to an address and port of the container through the engine. It needs no published port and no route, so it also works with
    /// a remote engine. The stream ends when the service closes its side.
    /// </summary>
    /// <exception cref="System.Net.Sockets.SocketException">The connection was not accepted.</exception>
    public async Task<ContainerStream> ConnectAsync(IPEndPoint to, CancellationToken cancellation)
    {
        var execution = await CreateExecutionAsync(ContainerRelay.Command(to), attachInput: true, cancellation);
        var stream = new ContainerStream(await client.Exec.StartAndAttachContainerExecAsync(execution, tty: false, cancellation));
        try
        {
            await ContainerRelay.WaitUntilConnectedAsync(stream, cancellation);
            return stream;
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }
    }

    internal async Task<string> CreateExecutionAsync(IList<string> command, bool attachInput, CancellationToken cancellation) =>
        (
            await client.Exec.ExecCreateContainerAsync(
                id,
                new ContainerExecCreateParameters
                {
                    Cmd = command,
                    AttachStdin = attachInput,
                    AttachStdout = true,
                    AttachStderr = true,
                    Env = ["DEBIAN_FRONTEND=noninteractive", "LC_ALL=C.UTF-8"],
                },
                cancellation
            )
        ).ID;

    public async ValueTask DisposeAsync()
    {
        try
        {
            await client.Containers.RemoveContainerAsync(
                id,
                new ContainerRemoveParameters { Force = true, RemoveVolumes = true },
                CancellationToken.None
            );
        }
        catch (DockerContainerNotFoundException)
        {
            // Already removed.
        }
        catch (Exception exception) when (DockerEngine.IsUnreachable(exception))
        {
            // The engine cannot be reached, so the operation in progress fails too. The next run removes the container.
        }
    }
}
