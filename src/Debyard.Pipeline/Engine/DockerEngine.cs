using Debyard.Pipeline.Images;
using Docker.DotNet;
using Docker.DotNet.Models;

namespace Debyard.Pipeline.Engine;

/// <summary>The Docker engine, for everything except <c>docker build</c>. Types of Docker.DotNet are used only in this folder.</summary>
public sealed partial class DockerEngine : IDisposable
{
    /// <summary>The label of every image and container that Debyard makes; its value is the product.</summary>
    public const string ProductLabel = "debyard.product";

    /// <summary>The label of containers that names the process that will remove them, as <c>host:pid</c>.</summary>
    public const string OwnerLabel = "debyard.owner";

    static readonly string Owner = $"{Environment.MachineName}:{Environment.ProcessId}";

    readonly DockerClient client;

    DockerEngine(DockerClient client) => this.client = client;

    /// <summary>The engine's address: <c>DOCKER_HOST</c>, or the local socket.</summary>
    public static Uri Address =>
        new(
            Environment.GetEnvironmentVariable("DOCKER_HOST") is { Length: > 0 } host ? host
            : OperatingSystem.IsWindows() ? "npipe://./pipe/docker_engine"
            : "unix:///var/run/docker.sock"
        );

    /// <exception cref="PipelineException">No engine answers.</exception>
    public static async Task<DockerEngine> ConnectAsync(CancellationToken cancellation) =>
        await TryConnectAsync(cancellation)
        ?? throw new PipelineException(
            $"No Docker engine answers at {Address}: `./build.sh Setup` installs and starts one (as root, on Debian or Ubuntu), "
                + "or set DOCKER_HOST."
        );

    /// <summary>Connects to the engine; null if none answers.</summary>
    public static async Task<DockerEngine?> TryConnectAsync(CancellationToken cancellation)
    {
        using var configuration = new DockerClientConfiguration(Address);
        var client = configuration.CreateClient();
        try
        {
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
            patience.CancelAfter(TimeSpan.FromSeconds(10));
            await client.System.PingAsync(patience.Token);
            return new DockerEngine(client);
        }
        catch (Exception exception) when (!cancellation.IsCancellationRequested && IsUnreachable(exception))
        {
            client.Dispose();
            return null;
        }
    }

    /// <summary>Creates a container to read files from; it never runs.</summary>
    /// <param name="reference">The image's name or id in the engine.</param>
    public Task<EngineContainer> CreateAsync(Image image, string reference, CancellationToken cancellation) =>
        CreateAsync(image, reference, ["true"], networkMode: "none", cancellation);

    /// <summary>Starts a container that waits for commands.</summary>
    public async Task<EngineContainer> StartAsync(Image image, string networkMode, CancellationToken cancellation)
    {
        var container = await CreateAsync(image, image.Reference, ["sleep", "infinity"], networkMode, cancellation);
        await container.StartAsync(cancellation);
        return container;
    }

    async Task<EngineContainer> CreateAsync(
        Image image,
        string reference,
        IList<string> command,
        string networkMode,
        CancellationToken cancellation
    )
    {
        await SweepAsync(cancellation);
        var created = await client.Containers.CreateContainerAsync(
            new CreateContainerParameters
            {
                Image = reference,
                Cmd = command, // required for images that have no command, such as "FROM scratch"
                Labels = new Dictionary<string, string> { [ProductLabel] = image.Product, [OwnerLabel] = Owner },
                HostConfig = new HostConfig { NetworkMode = networkMode, Init = true },
            },
            cancellation
        );
        return new EngineContainer(client, created.ID, image);
    }

    // Once per run: removes containers whose process was killed before it could remove them.
    async Task SweepAsync(CancellationToken cancellation)
    {
        if (Interlocked.Exchange(ref swept, 1) == 1)
        {
            return;
        }
        var ours = await client.Containers.ListContainersAsync(
            new ContainersListParameters
            {
                All = true,
                Filters = new Dictionary<string, IDictionary<string, bool>>
                {
                    ["label"] = new Dictionary<string, bool> { [OwnerLabel] = true },
                },
            },
            cancellation
        );
        foreach (var container in ours.Where(container => IsOrphan(container.Labels[OwnerLabel])))
        {
            await new EngineContainer(client, container.ID, null).DisposeAsync();
        }
    }

    int swept;

    static bool IsOrphan(string owner) =>
        owner.Split(':') is [var host, var id]
        && host == Environment.MachineName
        && int.TryParse(id, out var pid)
        && pid != Environment.ProcessId
        && !Directory.Exists($"/proc/{pid}")
        && Directory.Exists("/proc");

    public void Dispose() => client.Dispose();

    /// <summary>Explains an engine failure to the user; null if the exception is not from the engine.</summary>
    public static string? Explain(Exception exception) =>
        exception switch
        {
            DockerImageNotFoundException =>
                $"The engine lost an image during the run ({exception.Message}). Check whether something prunes images, then run again.",
            DockerApiException api => $"The Docker engine refused ({(int)api.StatusCode}): {MessageOf(api)}",
            HttpRequestException
            or System.Net.Sockets.SocketException
            or IOException { InnerException: System.Net.Sockets.SocketException } =>
                $"The connection to the Docker engine at {Address} was lost: {exception.GetBaseException().Message}. "
                    + "Start the engine and run again; finished images are kept.",
            _ => null,
        };

    /// <summary>Whether an exception is one that the client throws when the engine cannot be reached.</summary>
    internal static bool IsUnreachable(Exception exception) =>
        exception
            is HttpRequestException
                or System.Net.Sockets.SocketException
                or IOException
                or TimeoutException
                or OperationCanceledException
                or DockerApiException
                or UnauthorizedAccessException;
}
