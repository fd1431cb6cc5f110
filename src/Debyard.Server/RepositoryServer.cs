using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Debyard.Repository;
using Debyard.Repository.Configuration;
using Debyard.Repository.Identity;
using Debyard.Repository.Storage;
using Debyard.Server.Access.Authorization;
using Debyard.Server.Configuration;
using Debyard.Server.Endpoints;
using Debyard.Server.GitLab;
using Debyard.Server.Http;
using Debyard.Server.Memory;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Debyard.Server;

/// <summary>
/// The repository server: the upload protocol and the files for apt, over one root folder. Disposing it completes the requests in progress.
/// </summary>
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

    /// <summary>The first address that the server listens on, with the actual port.</summary>
    public Uri Url => new(app.Urls.First());

    /// <summary>Runs now what <see cref="Housekeeping"/> runs at intervals.</summary>
    internal Task<long> CollectGarbageAsync() => repository.CollectGarbageAsync();

    /// <summary>All routes with their methods: <c>PUT /{branch}/{file}.deb</c>.</summary>
    internal IEnumerable<string> Routes =>
        from source in ((IEndpointRouteBuilder)app).DataSources
        from route in source.Endpoints.OfType<RouteEndpoint>()
        from method in route.Metadata.GetMetadata<IHttpMethodMetadata>()?.HttpMethods ?? ["*"]
        where method != "HEAD"
        select $"{method} {route.RoutePattern.RawText}";

    /// <summary>Completes once the server accepts requests.</summary>
    /// <exception cref="ServerStartException">The port is in use, the root folder is unusable, or the address is not loopback and there is
    /// no access control.</exception>
    public static async Task<RepositoryServer> StartAsync(ServerOptions options, CancellationToken cancellation)
    {
        foreach (var url in options.Urls)
            ListenAddress.RequireAllowed(url, options.Access);
        ServedFolder.RequireNoSecrets(options.Repository.Root);
        NativeHeap.Settle();
        var repository = await OpenAsync(options.Repository);
        var app = Build(options, repository);
        try
        {
            await app.StartAsync(cancellation);
            return new RepositoryServer(app, repository);
        }
        catch (Exception exception)
        {
            await app.DisposeAsync();
            await repository.DisposeAsync();
            if (exception is IOException or SocketException or FormatException or InvalidOperationException)
                throw new ServerStartException(
                    $"The server cannot listen on {string.Join(", ", options.Urls)}: {exception.Message}",
                    exception
                );
            throw;
        }
    }

    /// <summary>Completes on SIGTERM, Ctrl-C or <paramref name="cancellation"/>; the caller then disposes the server.</summary>
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

    /// <summary>Accepts no more requests, completes those in progress, and releases the root folder.</summary>
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
        catch (Exception exception) when (exception is RepositoryUnavailableException or BranchNameException)
        {
            throw new ServerStartException(exception.Message, exception);
        }
    }

    static WebApplication Build(ServerOptions options, RepositoryRoot repository)
    {
        var limits = new Limits(options.Limits);
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.Services.AddSingleton<IMemoryPoolFactory<byte>, KestrelMemoryPool>();
        // Pooled buffers are cheap, so a read needs no zero-byte read before it.
        builder.Services.Configure<SocketTransportOptions>(sockets => sockets.WaitForDataBeforeAllocatingBuffer = false);
        builder
            .WebHost.UseKestrelCore()
            .UseUrls([.. options.Urls])
            .ConfigureKestrel(kestrel =>
            {
                kestrel.AddServerHeader = false;
                limits.Apply(kestrel.Limits);
                kestrel.ApplicationServices.GetRequiredService<ConnectionLimits>().Apply(kestrel);
            });
        builder.Services.AddSingleton(services => new ConnectionLimits(
            options.Limits,
            services.GetRequiredService<ILogger<ConnectionLimits>>()
        ));
        builder.Services.AddRoutingCore();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.StopTimeout);
        // The embedding program owns the process and its signals.
        builder.Services.AddSingleton<IHostLifetime, EmbeddedLifetime>();
        options.Logging?.Invoke(builder.Logging);
        // ServerStartException reports a port that is in use.
        builder.Logging.AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.None);
        // These messages quote malformed headers, which may contain a token.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Server.Kestrel.BadRequests", LogLevel.None);
        // These quote the decoded path, which may contain line breaks; ProblemDetailsMiddleware logs requests.
        builder.Logging.AddFilter("Microsoft.AspNetCore.Hosting.Diagnostics", LogLevel.Warning);
        builder.Logging.AddFilter("Microsoft.AspNetCore.Routing", LogLevel.Warning);
        // Registered with a factory, so that the container disposes it with the server.
        builder.Services.AddSingleton(_ => limits);
        builder.Services.AddSingleton(services => new AccessMiddleware(
            options,
            repository,
            limits,
            services.GetRequiredService<ILoggerFactory>()
        ));

        if (options.GitLab is { } gitLab)
        {
            builder.Services.AddSingleton(services => new GitLabBranches(
                gitLab,
                repository,
                options.Repository.Time,
                services.GetRequiredService<ILoggerFactory>()
            ));
            builder.Services.AddHostedService(services => services.GetRequiredService<GitLabBranches>().Watch);
        }
        builder.Services.AddHostedService<IdleMemoryTrimmer>();
        builder.Services.AddHostedService(services => new ClockWatch(
            options.Repository.Time,
            services.GetRequiredService<ILogger<ClockWatch>>()
        ));
        builder.Services.AddHostedService(services => new Housekeeping(repository, services.GetRequiredService<ILogger<Housekeeping>>()));

        var app = builder.Build();
        app.Use(next =>
            new ProblemDetailsMiddleware(next, app.Services.GetRequiredService<ILogger<ProblemDetailsMiddleware>>()).InvokeAsync
        );
        if (options.TrustedProxies.Count > 0)
            app.UseForwardedHeaders(ForwardedBy(options.TrustedProxies));
        app.UseRouting();
        app.Use(app.Services.GetRequiredService<AccessMiddleware>().InvokeAsync);
        var urls = new PublicUrls(options.PublicUrl);
        new UploadEndpoints(repository.Branches, repository.Uploads, limits, options.Repository.Time).Map(app);
        new ChangesEndpoints(repository).Map(app);
        new RpmEndpoints(repository, urls, limits, options.Repository.Time).Map(app);
        new BranchEndpoints(repository, urls).Map(app);
        new PromotionEndpoints(repository).Map(app);
        new RetirementEndpoints(repository, urls).Map(app);
        new JournalEndpoints(repository).Map(app);
        new BuildCacheEndpoints(repository).Map(app);
        new ValidationEndpoints(repository).Map(app);
        new AptEndpoints(repository, urls, options.Repository.Time).Map(app);
        OpenApiEndpoints.Map(app);
        GitLabJobsEndpoints.Map(app);
        var branches = app.Services.GetService<GitLabBranches>();
        new GitLabEndpoints(branches, limits, app.Services.GetRequiredService<ILogger<GitLabEndpoints>>()).Map(app);
        new HealthEndpoints(repository, branches?.Status, options.Repository.Time).Map(app);
        new VerificationEndpoints(repository).Map(app);
        return app;
    }

    static ForwardedHeadersOptions ForwardedBy(IReadOnlyList<IPAddress> proxies)
    {
        var forwarded = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor };
        forwarded.KnownProxies.Clear();
        forwarded.KnownIPNetworks.Clear();
        foreach (var proxy in proxies)
            forwarded.KnownProxies.Add(proxy);
        return forwarded;
    }

    sealed class EmbeddedLifetime : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
