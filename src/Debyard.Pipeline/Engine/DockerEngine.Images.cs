using System.Text.Json;
using Debyard.Pipeline.Images;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Debyard.Pipeline.Engine;

public sealed partial class DockerEngine
{
    public async Task<bool> HasImageAsync(Image image, CancellationToken cancellation) =>
        await FindImageIdAsync(image.Reference, cancellation) is not null;

    /// <summary>The engine's id of an image, which identifies its content; null if the engine does not have the image.</summary>
    public async Task<string?> FindImageIdAsync(string reference, CancellationToken cancellation)
    {
        try
        {
            return (await client.Images.InspectImageAsync(reference, cancellation)).ID;
        }
        catch (DockerImageNotFoundException)
        {
            return null;
        }
    }

    /// <summary>Pulls an image and tags it with its Debyard name.</summary>
    /// <exception cref="PipelineException">The registry refuses or cannot be reached.</exception>
    public async Task PullAsync(string reference, Image image, Action<string> line, CancellationToken cancellation)
    {
        await PullAsync(reference, image.IsEmulated ? Platforms.Of(image.Architecture) : null, line, cancellation);
        await TagAsync(reference, image, cancellation);
    }

    /// <summary>Pulls an image with the credentials of the user's Docker configuration.</summary>
    /// <param name="reference">The image's name; the default tag is <c>latest</c>, as with <c>docker pull</c>.</param>
    /// <param name="platform">Such as <c>linux/arm64</c>; null: the engine's platform.</param>
    /// <param name="line">Called with each line of progress.</param>
    /// <param name="cancellation">Cancels the pull.</param>
    /// <exception cref="PipelineException">The registry refuses or cannot be reached.</exception>
    public async Task PullAsync(string reference, string? platform, Action<string> line, CancellationToken cancellation)
    {
        var (registry, repository, tag) = ImageReference.Parse(reference);
        var credentials = await DockerConfiguration.OfUser.FindAsync(registry, cancellation);
        // A failed pull does not throw; a message in the stream reports the failure.
        string? failure = null;
        var progress = new Lines<JSONMessage>(message =>
        {
            failure ??= message.ErrorMessage ?? message.Error?.Message;
            line(message.Status ?? message.ErrorMessage ?? "");
        });
        try
        {
            await client.Images.CreateImageAsync(
                new ImagesCreateParameters
                {
                    FromImage = repository,
                    Tag = tag,
                    Platform = platform,
                },
                new AuthConfig
                {
                    ServerAddress = DockerConfiguration.KeyOf(registry),
                    Username = credentials.Username,
                    Password = credentials.Password,
                    IdentityToken = credentials.IdentityToken,
                },
                progress,
                cancellation
            );
        }
        catch (DockerApiException exception)
        {
            failure = MessageOf(exception);
        }
        if (failure is not null)
        {
            var login = registry == ImageReference.DockerHub ? "docker login" : $"docker login {registry}";
            throw new PipelineException(
                $"The image {reference} cannot be pulled from {registry}: {failure.TrimEnd('.')}. "
                    + (credentials.Problem is { } problem ? $"No credentials were sent: {problem}. " : "")
                    + $"Check the name and that the engine reaches the registry; if it asks for a login, run `{login}`."
            );
        }
    }

    /// <summary>Tags an image that the engine has with its Debyard name.</summary>
    public Task TagAsync(string reference, Image image, CancellationToken cancellation)
    {
        var (repository, tag) = (image.Reference[..image.Reference.IndexOf(':')], image.Reference[(image.Reference.IndexOf(':') + 1)..]);
        return client.Images.TagImageAsync(reference, new ImageTagParameters { RepositoryName = repository, Tag = tag }, cancellation);
    }

    /// <summary>Removes a tag, and the image with its last tag. Does nothing if the tag does not exist.</summary>
    public async Task RemoveImageAsync(string reference)
    {
        try
        {
            await client.Images.DeleteImageAsync(reference, new ImageDeleteParameters(), CancellationToken.None);
        }
        catch (Exception exception) when (exception is DockerImageNotFoundException || IsUnreachable(exception))
        {
            // The tag does not exist, or the engine cannot be reached.
        }
    }

    // The API reports errors as {"message":"..."}.
    static string MessageOf(DockerApiException exception)
    {
        var body = exception.ResponseBody is { Length: > 0 } text ? text.Trim() : exception.StatusCode.ToString();
        try
        {
            return JsonSerializer.Deserialize<ErrorResponse>(body, JsonSerializerOptions.Web)?.Message ?? body;
        }
        catch (JsonException)
        {
            return body;
        }
    }

    sealed record ErrorResponse(string? Message);

    // Progress<T> reports later, on another thread; this reports immediately.
    sealed class Lines<T>(Action<T> report) : IProgress<T>
    {
        public void Report(T value) => report(value);
    }
}
