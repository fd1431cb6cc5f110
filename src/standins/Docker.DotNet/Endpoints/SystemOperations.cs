using Docker.DotNet.Http;
using Docker.DotNet.Models;

namespace Docker.DotNet;

public interface ISystemOperations
{
    Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken = default);

    Task PingAsync(CancellationToken cancellationToken = default);

    Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken = default);
}

sealed class SystemOperations(Engine engine) : ISystemOperations
{
    public Task<VersionResponse> GetVersionAsync(CancellationToken cancellationToken) =>
        engine.ReadAsync<VersionResponse>(new(HttpMethod.Get, "version"), cancellationToken);

    public Task PingAsync(CancellationToken cancellationToken) => engine.SendAsync(new(HttpMethod.Get, "_ping"), cancellationToken);

    public Task<SystemInfoResponse> GetSystemInfoAsync(CancellationToken cancellationToken) =>
        engine.ReadAsync<SystemInfoResponse>(new(HttpMethod.Get, "info"), cancellationToken);
}
