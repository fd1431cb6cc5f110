using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Debyard.Repository;
using Debyard.Repository.Configuration;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;
using Debyard.Server.Access;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Configuration;
using Debyard.Server.Endpoints;
using Debyard.Server.Http;
using Debyard.Server.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Debyard.Server;

/// <summary>The repository server: the upload protocol and the apt files, over one root. Disposing it finishes what it has begun.</summary>
public sealed class RepositoryServer : IAsyncDisposable
{
    readonly WebApplication app;
    readonly RepositoryRoot repository;
    readonly Lazy<Task> stopped;
    readonly TaskCompletionSource stopAsked = new(TaskCreationOptions.RunContinuationsAsynchronously);

    RepositoryServer(WebApplication app, RepositoryRoot repository)
    {
        this.app = app;
        this.repository = repository;
        stopped = new(StopAsync);
    }

    /// <summary>The first address it listens on, with the port it got.</summary>
    public Uri Url => new(app.Urls.First());

    /// <summary>Now, what else is done now and then.</summary>
    internal Task<long> CollectGarbageAsync() => repository.CollectGarbageAsync();

    /// <summary>Each with its method: <c>PUT /{branch}/{file}.deb</c>.</summary>
    internal IEnumerable<string> Routes =>
        from source in ((IEndpointRouteBuilder)app).DataSources
        from route in source.Endpoints.OfType<RouteEndpoint>()
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]
        where method != "HEAD"
        select $"{method} {route.RoutePattern.RawText}";

    /// <summary>Answers once the server serves.</summary>
    /// <exception cref="ServerStartException">The port is taken, the root cannot be used, or the address is not loopback and nobody is asked who they are.</exception>
    public static async Task<RepositoryServer> StartAsync(ServerOptions options, CancellationToken cancellation)
    {
        foreach (var url in options.Urls)
            RequireAllowed(url, options.Access);
        NativeHeap.Settle();
        var repository = await OpenAsync(options.Repository);
        var app = Build(options, repository);
        try
        {
            await app.StartAsync(cancellation);
            return new RepositoryServer(app, repository);
        }
        catch (Exception fault)
        {
            await app.DisposeAsync();
            await repository.DisposeAsync();
            if (fault is IOException or SocketException or FormatException or InvalidOperationException)
                throw new ServerStartException($"The server cannot listen on {string.Join(", ", options.Urls)}: {fault.Message}", fault);
            throw;
        }
    }

    /// <summary>Answers when the process is asked to stop, by SIGTERM, Ctrl-C or <paramref name="cancellation"/>; dispose the server then.</summary>
    public async Task WaitForShutdownAsync(CancellationToken cancellation = default)
    {
        using var terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        using var interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        await using var cancelled = cancellation.Register(() => stopAsked.TrySetResult());
        await stopAsked.Task;

        void Stop(PosixSignalContext signal)
        {
            signal.Cancel = true;
            stopAsked.TrySetResult();
        }
    }

    /// <summary>Takes no further request, finishes those in flight, lets go of the root.</summary>
    public async ValueTask DisposeAsync() => await stopped.Value;

    async Task StopAsync()
    {
        stopAsked.TrySetResult();
        await app.StopAsync(CancellationToken.None);
        await app.DisposeAsync();
        await repository.DisposeAsync();
    }

    static async Task<RepositoryRoot> OpenAsync(RepositoryOptions options)
    {
        try
        {
            return await Task.Run(() => RepositoryRoot.Open(options));
        }
        catch (Exception fault) when (fault is RepositoryUnavailableException or BranchNameException)
        {
            throw new ServerStartException(fault.Message, fault);
        }
    }

    static WebApplication Build(ServerOptions options, RepositoryRoot repository)
    {
        var limits = new Limits(options.Limits);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, KestrelMemoryPool>();
        // With memory at hand a socket is read at once, not asked first whether there is something to read.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        builder
            .WebHost.UseKestrelCore()
            .UseUrls([.. options.Urls])
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                limits.Apply(kestrel.Limits);
            });
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        // The process is the embedding program's, and so are its signals.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        options.Logging?.Invoke(builder.Logging);
        // A port that is taken is told by ServerStartException.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // They quote what they do not understand, a mistyped Authorization header too.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.None);
        // Made here, to be disposed with the server.
        builder.Services.AddSingleton(_ => limits);
        builder.Services.AddSingleton(services => new AccessMiddleware(
            options,
            repository,
            limits,
            services.GetRequiredService<ILoggerFactory>()
        ));

        builder.Services.AddHostedService<IdleMemoryTrimmer>();
        builder.Services.AddHostedService(services => new Housekeeping(repository, services.GetRequiredService<ILogger<Housekeeping>>()));

        var app = builder.Build();
        app.Use(next =>
            new ProblemDetailsMiddleware(next, app.Services.GetRequiredService<ILogger<ProblemDetailsMiddleware>>()).InvokeAsync
        );
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<AccessMiddleware>().InvokeAsync);
        var urls = new PublicUrls(options.PublicUrl);
        new UploadEndpoints(repository.Branches, repository.Uploads, limits, options.Repository.Time).Map(app);
        new BranchEndpoints(repository, urls).Map(app);
        new PromotionEndpoints(repository).Map(app);
        new RetirementEndpoints(repository, urls).Map(app);
        new JournalEndpoints(repository).Map(app);
        new BuildCacheEndpoints(repository).Map(app);
        new AptEndpoints(repository, urls, options.Repository.Time).Map(app);
        OpenApiEndpoints.Map(app);
        new HealthEndpoints(repository, options.Repository.Time).Map(app);
        new VerificationEndpoints(repository).Map(app);
        return app;
    }

    static void RequireAllowed(string url, AccessOptions? access)
    {
        if (!IsLoopback(url) && access is null)
            throw new ServerStartException(
                $"The server does not listen on {url}: everyone there could write, for it asks nobody who they are; listen on 127.0.0.1, or configure Access."
            );
    }

    static bool IsLoopback(string url)
    {
        try
        {
            var address = BindingAddress.Parse(url);
            return address.IsUnixPipe
                || address.Host == "localhost"
                || IPAddress.TryParse(address.Host.Trim('[', ']'), out var ip) && IPAddress.IsLoopback(ip);
        }
        catch (FormatException fault)
        {
            throw new ServerStartException($"'{url}' is no address to listen on; write it like http://127.0.0.1:8080.", fault);
        }
    }

    sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
