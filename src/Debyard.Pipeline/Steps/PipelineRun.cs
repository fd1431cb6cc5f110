using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Checks;
using Debyard.Pipeline.ContinuousIntegration;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation;

namespace Debyard.Pipeline.Steps;

/// <summary>
/// One run from manifest to published packages: connects the steps. A step connects to the engine or the server only if it needs
/// them, so a run in which nothing changed needs no engine.
/// </summary>
public sealed class PipelineRun : IDisposable
{
    readonly RunPlan plan;
    readonly RunConnections connections;
    readonly ImageBuilds builds;
    readonly FoundationStep foundations;
    readonly BuildStep build;
    readonly ExtractStep extract;
    readonly PackStep pack;
    readonly UploadStep upload;
    readonly ValidateStep validate;
    readonly ValidateBranchStep validateBranch;
    readonly ShellStep shell;
    readonly PublishStep publish;
    readonly RpmStep rpm;
    readonly ExplainStep explain;
    readonly CancellationToken cancellation;

    PipelineRun(RunOptions options, RunPlan plan, CancellationToken cancellation)
    {
        (this.plan, this.cancellation) = (plan, cancellation);
        var log = options.Log;
        connections = new RunConnections(options, plan, cancellation);
        var store = new ArtifactStore(Path.Combine(options.OutputFolder, "artifacts"));
        var cached = new CachedImages(connections.BuildCache, store, log, options.Warn);
        var verdicts = new Verdicts(new WorkspaceVerdicts(Path.Combine(options.OutputFolder, "validation")), TimeProvider.System);
        var quarantine = new Quarantine(Path.Combine(options.OutputFolder, "quarantine"));
        var inspection = new DockerfileInspection(new DockerfileLint(plan.History), options.Warn);
        builds = new ImageBuilds(
            store,
            connections.EngineAsync,
            new BuildDurations(Path.Combine(options.OutputFolder, "durations.json")),
            options.OutputFolder,
            options.Mask,
            log
        )
        {
            Jobs = options.Jobs ?? Environment.ProcessorCount,
            AfterFailure = options.AfterFailure,
            Display = options.Display,
            Inspect = inspection.Inspect,
        };
        var extraction = new Extraction(store, connections.EngineAsync, log);
        var artifacts = new RunArtifacts(plan, store, cached, extraction);
        var reproducibility = options.VerifyReproducible
            ? new Reproducibility(store, builds, extraction, connections.EngineAsync, log)
            : null;
        extract = new ExtractStep(plan, cached, builds, extraction, reproducibility);
        pack = new PackStep(plan, store, extract, log);
        build = new BuildStep(plan, cached, builds, extract, log);
        foundations = new FoundationStep(plan, store, cached, build, log);
        upload = new UploadStep(plan, artifacts, cached, connections, log);
        validate = new ValidateStep(options, plan, artifacts, cached, builds, verdicts, quarantine, connections);
        validateBranch = new ValidateBranchStep(options, plan, builds, connections);
        shell = new ShellStep(options, plan, artifacts, cached, builds, connections);
        publish = new PublishStep(plan, artifacts, verdicts, upload, connections, options.Warn);
        rpm = new RpmStep(plan, artifacts, cached, builds, connections, Path.Combine(options.OutputFolder, "rpm"), log);
        explain = new ExplainStep(plan, store, inspection, log);
    }

    /// <exception cref="PipelineException">The options, the manifest and the Dockerfiles do not fit together.</exception>
    public static async Task<PipelineRun> CreateAsync(RunOptions options, CancellationToken cancellation) =>
        new(options, await RunPlan.CreateAsync(options, cancellation), cancellation);

    public Manifest Manifest => plan.Manifest;

    public BuildSummary Summary => builds.Summary;

    /// <summary>Builds base and toolchain images: all of them, or only those of images that the run will build.</summary>
    public Task BuildFoundationsAsync(bool all) => foundations.RunAsync(all, cancellation);

    /// <summary>Packs the manifest's folders; needs no engine.</summary>
    public Task PackAsync() => pack.RunAsync(cancellation);

    public Task BuildDependenciesAsync() => build.RunAsync(ImageKind.Dependency, cancellation);

    public Task ExtractDependenciesAsync() => extract.RunAsync(ImageKind.Dependency, cancellation);

    public Task<UploadSummary> UploadDependenciesAsync() => upload.RunAsync(ImageKind.Dependency, cancellation);

    public async Task BuildPackagesAsync()
    {
        await build.RunAsync(ImageKind.Package, cancellation);
        await extract.RunAsync(ImageKind.Package, cancellation);
    }

    /// <summary>Installs and checks the packages, unless exactly these have already passed.</summary>
    public Task ValidateAsync() => validate.RunAsync(cancellation);

    /// <summary>Installs together all that the branch holds, and runs the checks that its packages carry.</summary>
    public Task ValidateBranchAsync() => validateBranch.RunAsync(cancellation);

    /// <summary>Opens a shell in a clean container with a package installed.</summary>
    public Task OpenShellAsync(string package) => shell.RunAsync(package, cancellation);

    /// <summary>Uploads the packages that passed validation.</summary>
    /// <exception cref="PipelineException">They have not passed.</exception>
    public Task<UploadSummary> PublishAsync() => publish.RunAsync(cancellation);

    /// <summary>Makes an rpm of each package and uploads them.</summary>
    /// <exception cref="PipelineException">A package has something without a counterpart in rpm.</exception>
    public Task<UploadSummary> PublishRpmsAsync() => rpm.RunAsync(cancellation);

    /// <summary>The address of the branch's configuration for dnf.</summary>
    public async Task<Uri> RpmConfigurationUrlAsync() => (await connections.RepositoryAsync()).RpmConfigurationUrl;

    /// <summary>The address of the branch's <c>.sources</c> file.</summary>
    public async Task<Uri> SourcesUrlAsync() => (await connections.RepositoryAsync()).SourcesUrl;

    /// <summary>Logs why each dependency and package would be built or not, and what the lint finds. Builds nothing.</summary>
    public void Explain() => explain.Run();

    /// <summary>The child pipeline that builds what the server's build cache lacks.</summary>
    /// <param name="setup">The targets that every job runs first.</param>
    /// <exception cref="PipelineException">There is no server, or it does not answer: jobs could not share what they build.</exception>
    public async Task<GitLabPipeline> ChildPipelineAsync(IReadOnlyList<string> setup)
    {
        if (connections.BuildCache is not { } server)
        {
            throw new PipelineException(
                "A pipeline of several jobs needs a repository server, where they find each other's packages: set DEBYARD_URL."
            );
        }
        var dependencies = plan.Graph.Of(ImageKind.Dependency).ToList();
        var known = await server.FindAsync([.. dependencies.Select(image => image.Fingerprint.Value)], cancellation);
        var unknown = dependencies.Where(image =>
            !known.TryGetValue(image.Fingerprint.Value, out var build) || !BuildCacheClient.AreArtifactsOf(image, build.Artifacts)
        );
        return ChildPipeline.For(plan.Manifest, setup, plan.Graph, unknown.ToHashSet());
    }

    /// <summary>Logs the outcome of each image.</summary>
    public void LogSummary() => builds.LogSummary();

    public void Dispose() => connections.Dispose();
}
