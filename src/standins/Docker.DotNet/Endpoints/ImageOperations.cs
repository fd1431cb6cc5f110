using System.Text;
using Docker.DotNet.Http;
using Docker.DotNet.Models;

namespace Docker.DotNet;

sealed class ImageOperations(Engine engine) : IImageOperations
{
    public async Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query
        {
            { "all", parameters.All },
            { "filters", parameters.Filters },
            { "digests", parameters.Digests },
        };
        return await engine.ReadAsync<ImagesListResponse[]>(new(HttpMethod.Get, "images/json") { Query = query }, cancellationToken);
    }

    public Task CreateImageAsync(
        ImagesCreateParameters parameters,
        AuthConfig authConfig,
        IProgress<JSONMessage> progress,
        CancellationToken cancellationToken
    ) => CreateImageAsync(parameters, null, authConfig, null, progress, cancellationToken);

    public Task CreateImageAsync(
        ImagesCreateParameters parameters,
        AuthConfig authConfig,
        IDictionary<string, string> headers,
        IProgress<JSONMessage> progress,
        CancellationToken cancellationToken
    ) => CreateImageAsync(parameters, null, authConfig, headers, progress, cancellationToken);

    public Task CreateImageAsync(
        ImagesCreateParameters parameters,
        Stream imageStream,
        AuthConfig authConfig,
        IProgress<JSONMessage> progress,
        CancellationToken cancellationToken
    ) => CreateImageAsync(parameters, imageStream, authConfig, null, progress, cancellationToken);

    public Task CreateImageAsync(
        ImagesCreateParameters parameters,
        Stream imageStream,
        AuthConfig authConfig,
        IDictionary<string, string> headers,
        IProgress<JSONMessage> progress,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        if (imageStream is not null)
            parameters.FromSrc = "-";
        var request = new EngineRequest(HttpMethod.Post, "images/create")
        {
            Query = new()
            {
                { "fromImage", parameters.FromImage },
                { "fromSrc", parameters.FromSrc },
                { "repo", parameters.Repo },
                { "tag", parameters.Tag },
                { "message", parameters.Message },
                { "changes", parameters.Changes },
                { "platform", parameters.Platform },
            },
            Content = imageStream is null ? null : EngineRequest.Tar(imageStream),
            Headers = new Dictionary<string, string> { ["X-Registry-Auth"] = Encode(authConfig) }.Union(
                headers ?? new Dictionary<string, string>()
            ),
        };
        return engine.MonitorAsync(request, progress, cancellationToken);
    }

    public async Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken) =>
        await engine.ReadAsync<ImageInspectResponse>(About(name, HttpMethod.Get, "/json"), cancellationToken);

    public async Task TagImageAsync(string name, ImageTagParameters parameters, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var query = new Query
        {
            { "repo", parameters.RepositoryName },
            { "tag", parameters.Tag },
            { "force", parameters.Force },
        };
        await engine.SendAsync(About(name, HttpMethod.Post, "/tag") with { Query = query }, cancellationToken);
    }

    public async Task<IList<IDictionary<string, string>>> DeleteImageAsync(
        string name,
        ImageDeleteParameters parameters,
        CancellationToken cancellationToken
    )
    {
        ArgumentNullException.ThrowIfNull(parameters);
        var request = About(name, HttpMethod.Delete, "") with
        {
            Query = new() { { "force", parameters.Force }, { "noprune", parameters.NoPrune } },
        };
        return await engine.ReadAsync<Dictionary<string, string>[]>(request, cancellationToken);
    }

    static EngineRequest About(string name, HttpMethod method, string what)
    {
        Argument.NotEmpty(name);
        return new(method, $"images/{name}{what}") { NotFound = (status, body) => new DockerImageNotFoundException(status, body) };
    }

    // The engine reads base64 in RFC 4648's URL alphabet, padding kept.
    static string Encode(AuthConfig authConfig) =>
        Convert
            .ToBase64String(Encoding.UTF8.GetBytes(EngineJson.Serialize(authConfig ?? new AuthConfig())))
            .Replace('/', '_')
            .Replace('+', '-');
}
