namespace Docker.DotNet;

/// <summary>Where an engine is and how to speak to it.</summary>
public class DockerClientConfiguration : IDisposable
{
    public DockerClientConfiguration(
        Credentials credentials = null,
        TimeSpan defaultTimeout = default,
        TimeSpan namedPipeConnectTimeout = default,
        IReadOnlyDictionary<string, string> defaultHttpRequestHeaders = null
    )
        : this(LocalEngine, credentials, defaultTimeout, namedPipeConnectTimeout, defaultHttpRequestHeaders) { }

    public DockerClientConfiguration(
        Uri endpoint,
        Credentials credentials = null,
        TimeSpan defaultTimeout = default,
        TimeSpan namedPipeConnectTimeout = default,
        IReadOnlyDictionary<string, string> defaultHttpRequestHeaders = null
    )
    {
        ArgumentNullException.ThrowIfNull(endpoint);
        if (defaultTimeout < Timeout.InfiniteTimeSpan)
            throw new ArgumentException("Default timeout must be greater than -1", nameof(defaultTimeout));

        EndpointBaseUri = endpoint;
        Credentials = credentials ?? new AnonymousCredentials();
        DefaultTimeout = defaultTimeout == default ? TimeSpan.FromSeconds(100) : defaultTimeout;
        NamedPipeConnectTimeout = namedPipeConnectTimeout == default ? TimeSpan.FromMilliseconds(100) : namedPipeConnectTimeout;
        DefaultHttpRequestHeaders = defaultHttpRequestHeaders ?? new Dictionary<string, string>();
    }

    public IReadOnlyDictionary<string, string> DefaultHttpRequestHeaders { get; }

    public Uri EndpointBaseUri { get; }

    public Credentials Credentials { get; }

    public TimeSpan DefaultTimeout { get; }

    public TimeSpan NamedPipeConnectTimeout { get; }

    static Uri LocalEngine => new(OperatingSystem.IsWindows() ? "npipe://./pipe/docker_engine" : "unix:/var/run/docker.sock");

    /// <summary>Connects to nothing yet: an engine that is not there is found out by the first call.</summary>
    public DockerClient CreateClient(Version requestedApiVersion = null) => new(this, requestedApiVersion);

    public void Dispose()
    {
        Credentials.Dispose();
        GC.SuppressFinalize(this);
    }
}
