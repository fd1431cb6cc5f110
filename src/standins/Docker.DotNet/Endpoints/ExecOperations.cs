using Docker.DotNet.Http;
using Docker.DotNet.Models;

namespace Docker.DotNet;

/// <summary>Processes in running containers. A missing container or process: <see cref="DockerContainerNotFoundException"/>.</summary>
public interface IExecOperations
{
    Task<ContainerExecCreateResponse> ExecCreateContainerAsync(
        string id,
        ContainerExecCreateParameters parameters,
        CancellationToken cancellationToken = default
    );

    /// <summary>Starts the process with input, output and errors attached; dispose the stream to let go of it.</summary>
    Task<MultiplexedStream> StartAndAttachContainerExecAsync(string id, bool tty, CancellationToken cancellationToken = default);

    Task<ContainerExecInspectResponse> InspectContainerExecAsync(string id, CancellationToken cancellationToken = default);
}

sealed class ExecOperations(Engine engine) : IExecOperations
{
    public async Task<ContainerExecCreateResponse> ExecCreateContainerAsync(
        string id,
        ContainerExecCreateParameters parameters,
        CancellationToken cancellationToken
    )
    {
        Argument.NotEmpty(id);
        ArgumentNullException.ThrowIfNull(parameters);
        var request = ContainerRequest.To(HttpMethod.Post, $"containers/{id}/exec") with { Content = EngineRequest.Json(parameters) };
        return await engine.ReadAsync<ContainerExecCreateResponse>(request, cancellationToken);
    }

    public async Task<MultiplexedStream> StartAndAttachContainerExecAsync(string id, bool tty, CancellationToken cancellationToken)
    {
        Argument.NotEmpty(id);
        var start = new
        {
            AttachStdin = true,
            AttachStdout = true,
            AttachStderr = true,
            Tty = tty,
        };
        var request = ContainerRequest.To(HttpMethod.Post, $"exec/{id}/start") with { Content = EngineRequest.Json(start) };
        return new MultiplexedStream(await engine.HijackAsync(request, cancellationToken), multiplexed: !tty);
    }

    public async Task<ContainerExecInspectResponse> InspectContainerExecAsync(string id, CancellationToken cancellationToken)
    {
        Argument.NotEmpty(id);
        return await engine.ReadAsync<ContainerExecInspectResponse>(
            ContainerRequest.To(HttpMethod.Get, $"exec/{id}/json"),
            cancellationToken
        );
    }
}
