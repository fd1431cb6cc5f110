using System.Net;
using System.Text;
using Docker.DotNet.Http;
using Docker.DotNet.Models;

namespace Docker.DotNet;

sealed class ContainerOperations(Engine engine) : IContainerOperations
{
    public async Task<IList<ContainerListResponse>> ListContainersAsync(
        ContainersListParameters parameters,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query
        {
            { "size", parameters.Size },
            { "all", parameters.All },
            { "since", parameters.Since },
            { "before", parameters.Before },
            { "limit", parameters.Limit },
            { "filters", parameters.Filters },
        };
        return await engine.ReadAsync<ContainerListResponse[]>(new(HttpMethod.Get, "containers/json") { Query = query }, cancellationToken);
    }

    public async Task<CreateContainerResponse> CreateContainerAsync(
        CreateContainerParameters parameters,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var request = new EngineRequest(HttpMethod.Post, "containers/create")
        {
            // The package sends the platform only beside a name.
            Query = string.IsNullOrEmpty(parameters.Name)
                ? null
                : new() { { "name", parameters.Name }, { "platform", parameters.Platform } },
            Content = EngineRequest.Json(parameters),
            NotFound = (status, body) => new DockerImageNotFoundException(status, body),
        };
        return await engine.ReadAsync<CreateContainerResponse>(request, cancellationToken);
    }

    public async Task<ContainerInspectResponse> InspectContainerAsync(string id, CancellationToken cancellationToken) =>
        await engine.ReadAsync<ContainerInspectResponse>(About(id, HttpMethod.Get, "/json"), cancellationToken);

    public async Task GetContainerLogsAsync(
        string id,
        ContainerLogsParameters parameters,
        CancellationToken cancellationToken,
        IProgress<string> progress
    )
    {
        using var response = await engine.OpenAsync(Logs(id, parameters), cancellationToken);
        using var reader = new StreamReader(await response.Content.ReadAsStreamAsync(cancellationToken), new UTF8Encoding(false));
        while (await reader.ReadLineAsync(cancellationToken) is { } line)
            progress.Report(line);
    }

    public async Task<MultiplexedStream> GetContainerLogsAsync(
        string id,
        bool tty,
        ContainerLogsParameters parameters,
        CancellationToken cancellationToken
    )
    {
        var response = await engine.OpenAsync(Logs(id, parameters), cancellationToken);
        return new MultiplexedStream(await response.Content.ReadAsStreamAsync(cancellationToken), multiplexed: !tty);
    }

    public async Task<bool> StartContainerAsync(string id, ContainerStartParameters parameters, CancellationToken cancellationToken)
    {
        var request = About(id, HttpMethod.Post, "/start") with { Query = new() { { "detachKeys", parameters?.DetachKeys } } };
        return await engine.SendAsync(request, cancellationToken) != HttpStatusCode.NotModified;
    }

    public async Task<bool> StopContainerAsync(string id, ContainerStopParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var request = About(id, HttpMethod.Post, "/stop") with
        {
            Query = new() { { "t", parameters.WaitBeforeKillSeconds } },
            Timeout = Timeout.InfiniteTimeSpan,
        };
        return await engine.SendAsync(request, cancellationToken) != HttpStatusCode.NotModified;
    }

    public async Task KillContainerAsync(string id, ContainerKillParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var request = About(id, HttpMethod.Post, "/kill") with { Query = new() { { "signal", parameters.Signal } } };
        await engine.SendAsync(request, cancellationToken);
    }

    public async Task<ContainerWaitResponse> WaitContainerAsync(string id, CancellationToken cancellationToken) =>
        await engine.ReadAsync<ContainerWaitResponse>(
            About(id, HttpMethod.Post, "/wait") with
            {
                Timeout = Timeout.InfiniteTimeSpan,
            },
            cancellationToken
        );

    public async Task RemoveContainerAsync(string id, ContainerRemoveParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query
        {
            { "v", parameters.RemoveVolumes },
            { "link", parameters.RemoveLinks },
            { "force", parameters.Force },
        };
        await engine.SendAsync(About(id, HttpMethod.Delete, "") with { Query = query }, cancellationToken);
    }

    public async Task<GetArchiveFromContainerResponse> GetArchiveFromContainerAsync(
        string id,
        GetArchiveFromContainerParameters parameters,
        bool statOnly,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var request = Archive(id, statOnly ? HttpMethod.Head : HttpMethod.Get, new() { { "path", Required(parameters.Path) } });
        var response = await engine.OpenAsync(request, cancellationToken);
        var stat = Convert.FromBase64String(response.Headers.GetValues("X-Docker-Container-Path-Stat").First());
        var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        if (statOnly)
            response.Dispose();
        return new GetArchiveFromContainerResponse
        {
            Stat = EngineJson.Deserialize<ContainerPathStatResponse>(Encoding.UTF8.GetString(stat)),
            Stream = statOnly ? null : new ArchiveStream(stream),
        };
    }

    public async Task ExtractArchiveToContainerAsync(
        string id,
        ContainerPathStatParameters parameters,
        Stream stream,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query
        {
            { "path", Required(parameters.Path) },
            { "noOverwriteDirNonDir", parameters.AllowOverwriteDirWithFile }, // the package's name says the opposite of the engine's
        };
        await engine.SendAsync(Archive(id, HttpMethod.Put, query) with { Content = EngineRequest.Tar(stream) }, cancellationToken);
    }

    static EngineRequest Logs(string id, ContainerLogsParameters parameters)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        return About(id, HttpMethod.Get, "/logs") with
        {
            Query = new()
            {
                { "stdout", parameters.ShowStdout },
                { "stderr", parameters.ShowStderr },
                { "since", parameters.Since },
                { "until", parameters.Until },
                { "timestamps", parameters.Timestamps },
                { "follow", parameters.Follow },
                { "tail", parameters.Tail },
            },
        };
    }

    static EngineRequest Archive(string id, HttpMethod method, Query query) => About(id, method, "/archive") with { Query = query };

    static EngineRequest About(string id, HttpMethod method, string what)
    {
        Argument.NotEmpty(id);
        return ContainerRequest.To(method, $"containers/{id}{what}");
    }

    static string Required(string path) =>
        path ?? throw new ArgumentException("Got null/unset value for a required query parameter.", nameof(path));
}
