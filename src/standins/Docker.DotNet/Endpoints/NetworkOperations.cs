using Docker.DotNet.Http;
using Docker.DotNet.Models;

namespace Docker.DotNet;

public interface INetworkOperations
{
    Task<IList<NetworkResponse>> ListNetworksAsync(NetworksListParameters parameters = null, CancellationToken cancellationToken = default);

    /// <exception cref="DockerNetworkNotFoundException">There is none with this id or name.</exception>
    Task<NetworkResponse> InspectNetworkAsync(string id, CancellationToken cancellationToken = default);
}

sealed class NetworkOperations(Engine engine) : INetworkOperations
{
    public async Task<IList<NetworkResponse>> ListNetworksAsync(NetworksListParameters parameters, CancellationToken cancellationToken) =>
        await engine.ReadAsync<NetworkResponse[]>(
            new(HttpMethod.Get, "networks") { Query = new() { { "filters", parameters?.Filters } } },
            cancellationToken
        );

    public async Task<NetworkResponse> InspectNetworkAsync(string id, CancellationToken cancellationToken)
    {
        Argument.NotEmpty(id);
        var request = new EngineRequest(HttpMethod.Get, $"networks/{id}")
        {
            NotFound = (status, body) => new DockerNetworkNotFoundException(status, body),
        };
        return await engine.ReadAsync<NetworkResponse>(request, cancellationToken);
    }
}
