namespace Docker.DotNet.Http;

static class ContainerRequest
{
    /// <summary>A request about one container: 404 is <see cref="DockerContainerNotFoundException"/>, also where it is a path that is missing.</summary>
    public static EngineRequest To(HttpMethod method, string path) =>
        new(method, path) { NotFound = (status, body) => new DockerContainerNotFoundException(status, body) };
}
