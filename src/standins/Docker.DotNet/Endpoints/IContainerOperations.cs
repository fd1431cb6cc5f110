using Docker.DotNet.Models;

namespace Docker.DotNet;

/// <summary>A missing container, or a missing path in one: <see cref="DockerContainerNotFoundException"/>.</summary>
public interface IContainerOperations
{
    Task<IList<ContainerListResponse>> ListContainersAsync(
        ContainersListParameters parameters,
        CancellationToken cancellationToken = default
    );

    /// <exception cref="DockerImageNotFoundException">The image is not on the engine; it is not pulled.</exception>
    Task<CreateContainerResponse> CreateContainerAsync(CreateContainerParameters parameters, CancellationToken cancellationToken = default);

    Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken = default);

    /// <summary>Reports the raw lines, frames included where the container has no terminal.</summary>
    Task GetContainerLogsAsync(
        string id,
        ContainerLogsParameters parameters,
        CancellationToken cancellationToken,
        IProgress<string> progress
    );

    Task<MultiplexedStream> GetContainerLogsAsync(
        string id,
        bool tty,
        ContainerLogsParameters parameters,
        CancellationToken cancellationToken = default
    );

    /// <returns>False if it was running already.</returns>
    Task<bool> StartContainerAsync(string id, ContainerStartParameters parameters, CancellationToken cancellationToken = default);

    /// <returns>False if it was not running.</returns>
    Task<bool> StopContainerAsync(string id, ContainerStopParameters parameters, CancellationToken cancellationToken = default);

    Task KillContainerAsync(string id, ContainerKillParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>Returns when the container is not running, at once if it is not.</summary>
    Task<ContainerWaitResponse> WaitContainerAsync(string id, CancellationToken cancellationToken = default);

    Task RemoveContainerAsync(string id, ContainerRemoveParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>
    /// A file or folder as a tar stream, which the caller disposes; with <paramref name="statOnly"/> no stream. A read of no bytes
    /// throws <see cref="EndOfStreamException"/>, so put a <see cref="BufferedStream"/> before an asynchronous TarReader.
    /// </summary>
    Task<GetArchiveFromContainerResponse> GetArchiveFromContainerAsync(
        string id,
        GetArchiveFromContainerParameters parameters,
        bool statOnly,
        CancellationToken cancellationToken = default
    );

    /// <summary>Unpacks a tar stream into a folder of the container, running or not. The default timeout applies.</summary>
    Task ExtractArchiveToContainerAsync(
        string id,
        ContainerPathStatParameters parameters,
        Stream stream,
        CancellationToken cancellationToken = default
    );
}
