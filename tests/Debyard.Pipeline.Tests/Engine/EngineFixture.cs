using Debyard.Debian.Names;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Debyard.Pipeline.Tests.Engine;

/// <summary>The machine's Docker engine with one small image. Its containers and images have a label, by which they are removed.</summary>
public sealed class EngineFixture : IAsyncLifetime
{
    public string Product { get; } = $"test-{Guid.NewGuid():N}";

    /// <summary>The client that the tests prepare and inspect with, beside the one under test.</summary>
    public DockerClient Client { get; } = new DockerClientConfiguration(DockerEngine.Address).CreateClient();

    public DockerEngine Engine { get; private set; } = null!;

    /// <summary>An image with bash.</summary>
    public Image Image { get; private set; } = null!;

    public Dictionary<string, string> Labels => new() { [DockerEngine.ProductLabel] = Product };

    Dictionary<string, IDictionary<string, bool>> OfProduct =>
        new() { ["label"] = new Dictionary<string, bool> { [$"{DockerEngine.ProductLabel}={Product}"] = true } };

    public async Task InitializeAsync()
    {
        Image = Named("bash");
        Engine = await DockerEngine.ConnectAsync(CancellationToken.None);
        var (repository, tag) = Split(Image.Reference);
        await Client.Images.CreateImageAsync(
            new ImagesCreateParameters
            {
                Repo = repository,
                Tag = tag,
                FromSrc = "-",
                Changes = [$"LABEL {DockerEngine.ProductLabel}={Product}"],
            },
            new MemoryStream(SmallFileSystem.Tar()),
            null,
            new Progress<JSONMessage>()
        );
    }

    public async Task DisposeAsync()
    {
        foreach (var id in await ContainersAsync())
        {
            await Client.Containers.RemoveContainerAsync(id, new() { Force = true });
        }
        foreach (var image in await Client.Images.ListImagesAsync(new() { Filters = OfProduct }))
        {
            await Client.Images.DeleteImageAsync(image.ID, new() { Force = true });
        }
        Engine.Dispose();
        Client.Dispose();
    }

    /// <summary>An image of this product by name; whether the engine has it is another matter.</summary>
    public Image Named(string name) =>
        new()
        {
            Kind = ImageKind.Base,
            Name = name,
            Architecture = Architecture.Parse("amd64"),
            Product = Product,
            Base = new BaseImage.Pulled(name, name),
        };

    public async Task<IEnumerable<string>> ContainersAsync() =>
        (await Client.Containers.ListContainersAsync(new() { All = true, Filters = OfProduct })).Select(container => container.ID);

    public static (string Repository, string Tag) Split(string reference) =>
        (reference[..reference.LastIndexOf(':')], reference[(reference.LastIndexOf(':') + 1)..]);
}

/// <summary>These tests need a Docker engine on this machine and fail without one. They run one after another.</summary>
[CollectionDefinition("Docker engine")]
public sealed class WithEngine : ICollectionFixture<EngineFixture>;
