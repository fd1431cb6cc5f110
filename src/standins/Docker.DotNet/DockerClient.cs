using Docker.DotNet.Http;

namespace Docker.DotNet;

/// <summary>
/// An engine's API. Every call throws <see cref="DockerApiException"/> for an answer of 400 and above,
/// <see cref="HttpRequestException"/> where the engine cannot be reached, <see cref="OperationCanceledException"/> when cancelled or late.
/// </summary>
public sealed class DockerClient : IDockerClient
{
    readonly Engine engine;

    internal DockerClient(DockerClientConfiguration configuration, Version requestedApiVersion)
    {
        Configuration = configuration;
        engine = new Engine(configuration, requestedApiVersion);
        Containers = new ContainerOperations(engine);
        Images = new ImageOperations(engine);
        Networks = new NetworkOperations(engine);
        System = new SystemOperations(engine);
        Exec = new ExecOperations(engine);
    }

    public DockerClientConfiguration Configuration { get; }

    public TimeSpan DefaultTimeout
    {
        get => engine.DefaultTimeout;
        set => engine.DefaultTimeout = value;
    }

    public IContainerOperations Containers { get; }

    public IImageOperations Images { get; }

    public INetworkOperations Networks { get; }

    public ISystemOperations System { get; }

    public IExecOperations Exec { get; }

    public void Dispose()
    {
        Configuration.Dispose();
        engine.Dispose();
    }
}
