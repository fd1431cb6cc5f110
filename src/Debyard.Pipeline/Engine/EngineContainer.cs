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

    /// <summary>The engine's id of the container.</summary>
    public string Id => id;

    /// <summary>The name by which <c>docker</c> commands find it.</summary>
    public string ShortId => id[..12];

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

    /// <summary>A regular file's content; null if it does not exist.</summary>
    public async Task<byte[]?> TryReadFileAsync(string path, CancellationToken cancellation)
    {
        await using var tar = await TryReadFolderAsync(path, cancellation);
        if (tar is null || await tar.GetNextEntryAsync(cancellationToken: cancellation) is not { } entry)
        {
            return null;
        }
        using var content = new MemoryStream();
        await (entry.DataStream ?? Stream.Null).CopyToAsync(content, cancellation);
        return content.ToArray();
    }

    /// <summary>What differs from the container's image, as <c>docker diff</c> lists it.</summary>
    public async Task<IReadOnlyList<FileChange>> ReadChangesAsync(CancellationToken cancellation) =>
        [
            .. (await client.Containers.InspectChangesAsync(id, cancellation) ?? []).Select(change => new FileChange(
                (FileChangeKind)change.Kind,
                change.Path
            )),
        ];

    /// <summary>What the container's first process has written.</summary>
    public async Task<string> ReadLogAsync(CancellationToken cancellation)
    {
        using var stream = await client.Containers.GetContainerLogsAsync(
            id,
            tty: false,
            new ContainerLogsParameters { ShowStdout = true, ShowStderr = true },
            cancellation
        );
        var log = new OutputLog();
        await log.ReadAsync(stream, cancellation);
        return log.ToString();
    }

    /// <summary>Whether the container's first process is running.</summary>
    public async Task<bool> IsRunningAsync(CancellationToken cancellation) =>
        (await client.Containers.InspectContainerAsync(id, cancellation)).State.Running;

    /// <summary>Stops the container in order: its first process gets the stop signal, and after the timeout it is killed.</summary>
    public Task StopAsync(TimeSpan timeout, CancellationToken cancellation) =>
        client.Containers.StopContainerAsync(
            id,
            new ContainerStopParameters { WaitBeforeKillSeconds = (uint)timeout.TotalSeconds },
            cancellation
        );

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

    /// <summary>Extracts a tar stream, as it is read, into an existing folder, with owners, modes and times.</summary>
    public Task ExtractAsync(Stream tar, string folder, CancellationToken cancellation) =>
        client.Containers.ExtractArchiveToContainerAsync(id, new ContainerPathStatParameters { Path = folder }, tar, cancellation);

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
    /// <param name="name">Distinguishes it from other services of the container.</param>
    /// <param name="command">Run by a shell's <c>exec</c>.</param>
    /// <param name="cancellation">Cancels the start.</param>
    /// <param name="variables">Environment variables of the command.</param>
    public async Task<ContainerProcess> StartProcessAsync(
        string name,
        string command,
        CancellationToken cancellation,
        IReadOnlyDictionary<string, string>? variables = null
    )
    {
        var process = new ContainerProcess(this, client, name);
        await process.StartAsync(command, variables ?? new Dictionary<string, string>(), cancellation);
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

    internal async Task<string> CreateExecutionAsync(
        IList<string> command,
        bool attachInput,
        CancellationToken cancellation,
        IEnumerable<KeyValuePair<string, string>>? variables = null
    ) =>
        (
            await client.Exec.ExecCreateContainerAsync(
                id,
                new ContainerExecCreateParameters
                {
                    Cmd = command,
                    AttachStdin = attachInput,
                    AttachStdout = true,
                    AttachStderr = true,
                    Env =
                    [
                        "DEBIAN_FRONTEND=noninteractive",
                        "LC_ALL=C.UTF-8",
                        .. (variables ?? []).Select(variable => $"{variable.Key}={variable.Value}"),
                    ],
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
