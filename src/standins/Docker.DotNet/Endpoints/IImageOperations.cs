using Docker.DotNet.Models;

namespace Docker.DotNet;

/// <summary>A missing image: <see cref="DockerImageNotFoundException"/>.</summary>
public interface IImageOperations
{
    Task<IList<ImagesListResponse>> ListImagesAsync(ImagesListParameters parameters, CancellationToken cancellationToken = default);

    /// <summary>
    /// Pulls. What fails before the engine begins its answer throws <see cref="DockerApiException"/>, what fails later is a message
    /// with <see cref="JSONMessage.Error"/>.
    /// </summary>
    Task CreateImageAsync(
        ImagesCreateParameters parameters,
        AuthConfig authConfig,
        IProgress<JSONMessage> progress,
        CancellationToken cancellationToken = default
    );

    Task CreateImageAsync(
        ImagesCreateParameters parameters,
        AuthConfig authConfig,
        IDictionary<string, string> headers,
        IProgress<JSONMessage> progress,
        CancellationToken cancellationToken = default
    );

    /// <summary>Makes an image of a file system's tar stream, named by <see cref="ImagesCreateParameters.Repo"/>.</summary>
    Task CreateImageAsync(
        ImagesCreateParameters parameters,
        Stream imageStream,
        AuthConfig authConfig,
        IProgress<JSONMessage> progress,
        CancellationToken cancellationToken = default
    );

    Task CreateImageAsync(
        ImagesCreateParameters parameters,
        Stream imageStream,
        AuthConfig authConfig,
        IDictionary<string, string> headers,
        IProgress<JSONMessage> progress,
        CancellationToken cancellationToken = default
    );

    Task<ImageInspectResponse> InspectImageAsync(string name, CancellationToken cancellationToken = default);

    Task TagImageAsync(string name, ImageTagParameters parameters, CancellationToken cancellationToken = default);

    /// <returns>What was done, one <c>Untagged</c> or <c>Deleted</c> each.</returns>
    Task<IList<IDictionary<string, string>>> DeleteImageAsync(
        string name,
        ImageDeleteParameters parameters,
        CancellationToken cancellationToken = default
    );
}
