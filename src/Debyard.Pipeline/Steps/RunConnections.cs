using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Processes;
using Debyard.Pipeline.Repository;

namespace Debyard.Pipeline.Steps;

/// <summary>The engine and the repository server of a run. The first step that needs one connects to it.</summary>
sealed class RunConnections : IDisposable
{
    readonly RunOptions options;
    readonly RunPlan plan;
    readonly Lazy<Task<DockerEngine>> engine;
    readonly Lazy<Task<RepositoryClient>> repository;

    public RunConnections(RunOptions options, RunPlan plan, CancellationToken cancellation)
    {
        (this.options, this.plan) = (options, plan);
        engine = new(() => DockerEngine.ConnectAsync(cancellation));
        repository = new(() => OpenRepositoryAsync(cancellation));
        // The run's own server serves this workspace, so its build cache has nothing that the workspace lacks.
        BuildCache = plan.Server is { } server
            ? new BuildCacheClient(AddressOf(server)) { OwnRef = options.Branch ?? FindCurrentBranch() }
            : null;
    }

    /// <summary>Null if no repository server is configured.</summary>
    public BuildCacheClient? BuildCache { get; }

    public Task<DockerEngine> EngineAsync() => engine.Value;

    /// <summary>The branch's repository; the server creates it if it does not exist.</summary>
    public Task<RepositoryClient> RepositoryAsync() => repository.Value;

    async Task<RepositoryClient> OpenRepositoryAsync(CancellationToken cancellation)
    {
        var address = AddressOf(plan.Server ?? await options.StartServer(plan.Manifest, cancellation));
        return await RepositoryClient.OpenAsync(address, options.Branch ?? CurrentBranch(), cancellation);
    }

    RepositoryAddress AddressOf(Uri server) =>
        new(RepositoryAddress.WithSlash(server), plan.Manifest.Repository.Suite, plan.Manifest.Repository.Component, options.Token)
        {
            Project = options.Project,
        };

    string CurrentBranch()
    {
        var (directory, settings) = (plan.Manifest.Directory, plan.Manifest.Repository);
        if (!CommandLine.TryRead("git", ["-C", directory, "rev-parse", "--git-dir"], out _))
        {
            return settings.DefaultBranch;
        }
        return FindCurrentBranch()
            ?? throw new PipelineException("No branch is checked out (HEAD is detached): set the branch to publish to with --branch.");
    }

    string? FindCurrentBranch() =>
        CommandLine.TryRead("git", ["-C", plan.Manifest.Directory, "symbolic-ref", "--short", "HEAD"], out var branch)
            ? branch.Trim()
            : null;

    public void Dispose()
    {
        BuildCache?.Dispose();
        DisposeIfOpen(engine);
        DisposeIfOpen(repository);
    }

    static void DisposeIfOpen<T>(Lazy<Task<T>> connection)
        where T : IDisposable
    {
        if (connection is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            connection.Value.Result.Dispose();
        }
    }
}
