using System.Net;
using System.Net.Sockets;
using Microsoft.Net.Http.Client;

namespace Docker.DotNet.Http;

/// <summary>HTTP to one engine, over its unix socket or TCP. A connection serves one request, as in the package.</summary>
sealed class Engine : IDisposable
{
    readonly DockerClientConfiguration configuration;
    readonly Uri root;
    readonly string socketPath;
    readonly HttpClient client;

    public Engine(DockerClientConfiguration configuration, Version apiVersion)
    {
        this.configuration = configuration;
        DefaultTimeout = configuration.DefaultTimeout;
        var endpoint = configuration.EndpointBaseUri;
        var builder = endpoint.Scheme switch
        {
            "unix" => new UriBuilder("http", endpoint.Segments[^1]),
            "tcp" or "http" => new UriBuilder(endpoint) { Scheme = configuration.Credentials.IsTlsCredentials() ? "https" : "http" },
            "https" => new UriBuilder(endpoint),
            "npipe" => throw new PlatformNotSupportedException($"{endpoint}: named pipes need the Docker.DotNet package itself"),
            _ => throw new NotSupportedException($"Unknown URL scheme {endpoint.Scheme}"),
        };
        if (apiVersion is not null)
            builder.Path += $"v{apiVersion}/";
        root = builder.Uri;
        socketPath = endpoint.Scheme == "unix" ? endpoint.LocalPath : null;
        client = Connect(ConnectAsync);
    }

    public TimeSpan DefaultTimeout { get; set; }

    /// <summary>The status, for answers without a body that matters.</summary>
    public async Task<HttpStatusCode> SendAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        using var response = await CompleteAsync(request, cancellationToken);
        return response.StatusCode;
    }

    public async Task<T> ReadAsync<T>(EngineRequest request, CancellationToken cancellationToken)
    {
        using var response = await CompleteAsync(request, cancellationToken);
        return EngineJson.Deserialize<T>(await response.Content.ReadAsStringAsync(cancellationToken));
    }

    /// <summary>The answer as soon as its headers are there, without a time limit; its body is the caller's to read.</summary>
    public Task<HttpResponseMessage> OpenAsync(EngineRequest request, CancellationToken cancellationToken) =>
        SendAsync(client, request, HttpCompletionOption.ResponseHeadersRead, cancellationToken);

    /// <summary>Reports each JSON message of the answer; ends with the answer.</summary>
    public async Task MonitorAsync<T>(EngineRequest request, IProgress<T> progress, CancellationToken cancellationToken)
    {
        using var response = await OpenAsync(request, cancellationToken);
        await using var stream = await response.Content.ReadAsStreamAsync(cancellationToken);
        await foreach (var message in EngineJson.DeserializeMany<T>(stream, cancellationToken))
            progress.Report(message);
    }

    /// <summary>A connection in both directions, which the engine gives up HTTP for (<c>Upgrade: tcp</c>).</summary>
    public async Task<WriteClosableStream> HijackAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        // Its own client: only then is the socket that is connected surely the one this request is sent over.
        Socket socket = null;
        var connection = Connect(async token => socket = await ConnectAsync(token));
        try
        {
            var upgrade = request with { Headers = [.. request.Headers, new("Connection", "Upgrade"), new("Upgrade", "tcp")] };
            var response = await SendAsync(connection, upgrade, HttpCompletionOption.ResponseHeadersRead, cancellationToken);
            if (response.StatusCode != HttpStatusCode.SwitchingProtocols)
                throw new NotSupportedException("Cannot shutdown write on this transport");
            return new HijackedStream(await response.Content.ReadAsStreamAsync(cancellationToken), socket, connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    public void Dispose() => client.Dispose();

    async Task<HttpResponseMessage> CompleteAsync(EngineRequest request, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(request.Timeout ?? DefaultTimeout);
        return await SendAsync(client, request, HttpCompletionOption.ResponseContentRead, limit.Token);
    }

    async Task<HttpResponseMessage> SendAsync(
        HttpClient client,
        EngineRequest request,
        HttpCompletionOption completion,
        CancellationToken cancellationToken
    )
    {
        HttpResponseMessage response;
        try
        {
            response = await client.SendAsync(Message(request), completion, cancellationToken);
        }
        catch (HttpRequestException e) when (e.InnerException is SocketException refused)
        {
            throw new HttpRequestException("Connection failed", refused);
        }
        if (response.StatusCode < HttpStatusCode.BadRequest)
            return response;

        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(cancellationToken);
            throw response.StatusCode == HttpStatusCode.NotFound && request.NotFound is not null
                ? request.NotFound(response.StatusCode, body)
                : new DockerApiException(response.StatusCode, body);
        }
    }

    HttpRequestMessage Message(EngineRequest request)
    {
        var uri = new UriBuilder(root) { Query = request.Query?.ToString() };
        uri.Path += request.Path;
        var message = new HttpRequestMessage(request.Method, uri.Uri) { Content = request.Content };
        message.Headers.Add("User-Agent", "Docker.DotNet");
        foreach (var (name, value) in configuration.DefaultHttpRequestHeaders.Concat(request.Headers))
            message.Headers.Add(name, value);
        if (!message.Headers.Contains("Upgrade"))
            message.Headers.ConnectionClose = true;
        return message;
    }

    HttpClient Connect(Func<CancellationToken, Task<Socket>> connect) =>
        new(
            configuration.Credentials.GetHandler(
                new SocketsHttpHandler
                {
                    UseProxy = false,
                    ConnectCallback = async (_, token) => new NetworkStream(await connect(token), ownsSocket: true),
                }
            )
        )
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };

    async Task<Socket> ConnectAsync(CancellationToken cancellationToken)
    {
        var socket = socketPath is null
            ? new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            EndPoint endpoint = socketPath is null
                ? new DnsEndPoint(root.DnsSafeHost, root.Port)
                : new UnixDomainSocketEndPoint(socketPath);
            await socket.ConnectAsync(endpoint, cancellationToken);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
