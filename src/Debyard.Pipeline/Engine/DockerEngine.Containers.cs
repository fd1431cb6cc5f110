using Debyard.Pipeline.Images;
using Docker.DotNet.Models;

namespace Debyard.Pipeline.Engine;

public sealed partial class DockerEngine
{
    /// <summary>The label of containers and images that names the process that will remove them, as <c>host:pid</c>.</summary>
    public const string OwnerLabel = "debyard.owner";

    static readonly string Owner = $"{Environment.MachineName}:{Environment.ProcessId}";

    /// <summary>The owner of what no run removes.</summary>
    const string Kept = "kept";

    int swept;

    /// <summary>Creates a container to read files from; it never runs.</summary>
    /// <param name="reference">The image's name or id in the engine.</param>
    public Task<EngineContainer> CreateAsync(Image image, string reference, CancellationToken cancellation) =>
        CreateAsync(new ContainerRequest(image, reference, NetworkMode: "none"), cancellation);

    /// <summary>Starts a container that waits for commands.</summary>
    public Task<EngineContainer> StartAsync(Image image, string networkMode, CancellationToken cancellation) =>
        StartAsync(new ContainerRequest(image, image.Reference, networkMode), cancellation);

    /// <summary>Creates and starts a container.</summary>
    public async Task<EngineContainer> StartAsync(ContainerRequest request, CancellationToken cancellation)
    {
        var container = await CreateAsync(request, cancellation);
        await StartAsync(container, cancellation);
        return container;
    }

    /// <summary>Starts a container that was created; removes it if it cannot be started.</summary>
    public static async Task StartAsync(EngineContainer container, CancellationToken cancellation)
    {
        try
        {
            await container.StartAsync(cancellation);
        }
        catch
        {
            await container.DisposeAsync();
            throw;
        }
    }

    /// <summary>Creates a container, which a later call starts.</summary>
    public async Task<EngineContainer> CreateAsync(ContainerRequest request, CancellationToken cancellation)
    {
        await SweepAsync(cancellation);
        var created = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters
            {
                Image = request.Reference,
                Cmd = request.Command, // required for images that have no command, such as "FROM scratch"
                Env = request.Environment,
                Labels = new Dictionary<string, string>
                {
                    [ProductLabel] = request.Image.Product,
                    [OwnerLabel] = request.IsKept ? Kept : Owner,
                },
                StopSignal = request.StopSignal,
                HostConfig = request.HostConfig(),
                Platform = request.Image.IsEmulated ? Platforms.Of(request.Image.Architecture) : null,
            },
            cancellation
        );
        return new EngineContainer(client, created.ID, request.Image);
    }

    /// <summary>Makes an image of a container's files, which the caller removes; after <c>kill -9</c> the next run does.</summary>
    /// <param name="container">The container; it pauses while its files are read.</param>
    /// <param name="reference">The new image's name and tag.</param>
    /// <param name="cancellation">Cancels the commit.</param>
    /// <param name="isKept">Whether the image stays in the engine, as built images do.</param>
    public async Task CommitAsync(EngineContainer container, string reference, CancellationToken cancellation, bool isKept = false)
    {
        var colon = reference.LastIndexOf(':');
        await client.Images.CommitContainerChangesAsync(
            new CommitContainerChangesParameters
            {
                ContainerID = container.Id,
                RepositoryName = reference[..colon],
                Tag = reference[(colon + 1)..],
                // An image has the labels of its container, unless they are overwritten.
                Changes = isKept ? [$"LABEL {OwnerLabel}={Kept}"] : [],
            },
            cancellation
        );
    }

    // Once per run: removes containers and images whose process was killed before it could remove them.
    async Task SweepAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref swept, 1) == 1)
        {
            return;
        }
        var labelled = new Dictionary<string, IDictionary<string, bool>>
        {
            ["label"] = new Dictionary<string, bool> { [OwnerLabel] = true },
        };
        var containers = await client.Containers.ListContainersAsync(
            new ContainersListParameters { All = true, Filters = labelled },
            cancellation
        );
        foreach (var container in containers.Where(container => IsOrphan(container.Labels[OwnerLabel])))
        {
            await new EngineContainer(client, container.ID, null).DisposeAsync();
        }
        var images = await client.Images.ListImagesAsync(new ImagesListParameters { Filters = labelled }, cancellation);
        foreach (var image in images.Where(image => IsOrphan(image.Labels[OwnerLabel])))
        {
            await RemoveImageAsync(image.ID);
        }
    }

    static bool IsOrphan(string owner) =>
        owner.Split(':') is [var host, var id]
        && host == Environment.MachineName
        && int.TryParse(id, out var pid)
        && pid != Environment.ProcessId
        && !Directory.Exists($"/proc/{pid}")
        && Directory.Exists("/proc");
}
