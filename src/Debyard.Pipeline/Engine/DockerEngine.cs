using Docker.DotNet;

namespace Debyard.Pipeline.Engine;

/// <summary>The Docker engine, for everything except <c>docker build</c>. Types of Docker.DotNet are used only in this folder.</summary>
public sealed partial class DockerEngine : IDisposable
{
    /// <summary>The label of every image and container that Debyard makes; its value is the product.</summary>
    public const string ProductLabel = "debyard.product";

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
