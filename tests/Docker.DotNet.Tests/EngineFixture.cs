using Docker.DotNet.Models;

namespace Docker.DotNet.Tests;

/// <summary>The machine's engine and one image with bash. Everything made bears this run's label and is removed by it.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    public const string LabelName = "debyard.test";

    public string Run { get; } = Guid.NewGuid().ToString("N");

    public DockerClient Client { get; } = new DockerClientConfiguration(new Uri(Endpoint)).CreateClient();

    public static string Endpoint =>
        Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host : "unix:///var/run/docker.sock";

    public string Repository => $"debyard.test/{Run}";

    public string Image => $"{Repository}:bash";

    public Dictionary<string, string> Labels => new() { [LabelName] = Run };

    public Dictionary<string, IDictionary<string, bool>> LabelFilter =>
        new() { ["label"] = new Dictionary<string, bool> { [$"{LabelName}={Run}"] = true } };

    public async Task InitializeAsync() =>
        await Client.Images.CreateImageAsync(
            new ImagesCreateParameters
            {
                Repo = Repository,
                Tag = "bash",
                FromSrc = "-",
                Changes = [$"LABEL {LabelName}={Run}", "ENV GREETING=hello", "CMD [\"/bin/bash\"]"],
            },
            BashFileSystem.Tar(),
            null,
            new Messages()
        );

    public async Task DisposeAsync()
    {
        foreach (var container in await Client.Containers.ListContainersAsync(new() { All = true, Filters = LabelFilter }))
            await Client.Containers.RemoveContainerAsync(container.ID, new() { Force = true, RemoveVolumes = true });
        foreach (var image in await Client.Images.ListImagesAsync(new() { Filters = LabelFilter }))
            await Client.Images.DeleteImageAsync(image.ID, new() { Force = true });
        Client.Dispose();
    }

    public CreateContainerParameters Bash(string script, Action<CreateContainerParameters>? change = null)
    {
        var parameters = new CreateContainerParameters
        {
            Image = Image,
            Labels = Labels,
            Cmd = ["/bin/bash", "-c", script],
            HostConfig = new HostConfig { NetworkMode = "none" },
        };
        change?.Invoke(parameters);
        return parameters;
    }

    public async Task<string> CreateAsync(string script, Action<CreateContainerParameters>? change = null) =>
        (await Client.Containers.CreateContainerAsync(Bash(script, change))).ID;

    public async Task<string> StartAsync(string script, Action<CreateContainerParameters>? change = null)
    {
        var id = await CreateAsync(script, change);
        await Client.Containers.StartContainerAsync(id, new());
        return id;
    }
}

[CollectionDefinition(nameof(Engine))]
public sealed class Engine : ICollectionFixture<EngineFixture>;

/// <summary>Keeps what is reported; <see cref="Progress{T}"/> would report later, on another thread.</summary>
sealed class Messages : List<JSONMessage>, IProgress<JSONMessage>
{
    public void Report(JSONMessage value) => Add(value);
}
