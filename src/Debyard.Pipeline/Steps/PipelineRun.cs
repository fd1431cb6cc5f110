using Debyard.Debian.Names;
using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.BuildCache;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Checks;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Processes;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation;

namespace Debyard.Pipeline.Steps;

/// <summary>
/// One run from manifest to published packages. Each step does its part and leaves the rest to the others; nothing is asked of
/// the engine or the server before a step needs it, so a run that changes nothing needs no engine at all.
/// </summary>
public sealed class PipelineRun : IDisposable
{
    readonly RunOptions options;
    readonly ArtifactStore store;
    readonly VerdictStore verdicts;
    readonly CachedImages cached;
    readonly DockerfileLint lint;
    readonly ImageBuilds builds;
    readonly Extraction extraction;
    readonly HashSet<string> inspected = [];
    readonly List<(BuildArchitecture Architecture, string Reason)> skipped = [];
    readonly CancellationToken cancellation;
    readonly Lazy<Task<DockerEngine>> engine;
    readonly Lazy<Task<RepositoryClient>> repository;

    public PipelineRun(RunOptions options, CancellationToken cancellation)
    {
        (this.options, this.cancellation) = (options, cancellation);
        Manifest = ManifestReader.Read(options.ManifestFile);
        Architectures = ChooseArchitectures();
        var history = new SourceHistory(Manifest.Directory, Manifest.File);
        Images = ImageGraph.For(Manifest, Architectures, options.Only, Platforms.EngineArchitecture, history, SuppliedImage.IdOf);
        lint = new DockerfileLint(history);
        engine = new(() => DockerEngine.ConnectAsync(cancellation));
        repository = new(OpenRepositoryAsync);
        store = new ArtifactStore(Path.Combine(options.OutputFolder, "artifacts"));
        // The run's own server is over this workspace and knows no more than it.
        cached = new CachedImages(
            ConfiguredServer() is { } server ? new BuildCacheClient(PlaceOf(server)) : null,
            store,
            options.Say,
            options.Warn
        );
        verdicts = new VerdictStore(Path.Combine(options.OutputFolder, "validation"), TimeProvider.System);
        builds = new ImageBuilds(
            store,
            () => engine.Value,
            new BuildDurations(Path.Combine(options.OutputFolder, "durations.json")),
            options.OutputFolder,
            options.Say
        )
        {
            Jobs = options.Jobs ?? Environment.ProcessorCount,
            AfterFailure = options.AfterFailure,
            Display = options.Display,
            Inspect = image => Findings(image).ForEach(options.Warn),
        };
        extraction = new Extraction(store, () => engine.Value, options.Say);
    }

    public Manifest Manifest { get; }

    public IReadOnlyList<BuildArchitecture> Architectures { get; }

    public ImageGraph Images { get; }

    /// <summary>Bases and toolchains: all of them, or only those that something about to be built stands on.</summary>
    public async Task BuildFoundationsAsync(bool all)
    {
        await cached.AskAsync(Images.Images, cancellation);
        var foundations = Images.Of(ImageKind.Base, ImageKind.Toolchain).ToList();
        var stoodOn = Images
            .Of(ImageKind.Dependency, ImageKind.Package)
            .Where(image => store.Find(image) is null && cached.Find(image) is null)
            .SelectMany(Foundations)
            .ToHashSet();
        foreach (var idle in foundations.Where(image => !all && !stoodOn.Contains(image)))
        {
            options.Say($"{idle.Id} unchanged ({idle.Fingerprint.Brief}), nothing is to be built on it");
        }
        await BuildAsync([.. foundations.Where(image => all || stoodOn.Contains(image))]);
    }

    public async Task BuildDependenciesAsync()
    {
        SaySkipped(Manifest.Dependencies.Select(each => (each.Name, each.Architectures)));
        await BuildAsync(ImageKind.Dependency);
    }

    public Task ExtractDependenciesAsync() => ExtractAsync(ImageKind.Dependency);

    public async Task<UploadSummary> UploadDependenciesAsync()
    {
        var uploaded = await (await repository.Value).UploadAsync(await FilesAsync(ImageKind.Dependency), options.Say, cancellation);
        await RecordBuildsAsync(ImageKind.Dependency);
        return uploaded;
    }

    public async Task BuildPackagesAsync()
    {
        SaySkipped(Manifest.Packages.Where(each => each.Architecture is null).Select(each => (each.Name, (IReadOnlyList<Architecture>)[])));
        await BuildAsync(ImageKind.Package);
        await ExtractAsync(ImageKind.Package);
    }

    /// <summary>Installs and checks the packages, unless exactly these have passed before.</summary>
    public async Task ValidateAsync()
    {
        foreach (var other in Architectures.Where(each => each.Name != Platforms.EngineArchitecture))
        {
            options.Say($"{other.Name}: validation not run, this engine runs {Platforms.EngineArchitecture}");
        }
        if (await CandidateAsync() is not { } candidate)
        {
            options.Say(
                Manifest.Validation is null
                    ? "the manifest has no 'validation': nothing is checked"
                    : "nothing that could be checked here was chosen"
            );
            return;
        }
        if (verdicts.Find(candidate) is { } verdict)
        {
            options.Say(
                $"{string.Join(", ", candidate.Packages.Select(file => file.FileName))} passed {verdict.Checks} checks on {verdict.Passed:u}, unchanged since"
            );
        }
        else if (await cached.FindTrustedBranchAsync(candidate.Fingerprint, candidate.Packages, cancellation) is { } branch)
        {
            options.Say($"{string.Join(", ", candidate.Packages.Select(file => file.FileName))} passed for {branch}, unchanged since");
            verdicts.Keep(candidate, candidate.Plan.Scenarios.Sum(scenario => scenario.Checks.Count));
        }
        else
        {
            foreach (var image in Images.Of(ImageKind.Package))
            {
                await cached.FetchAsync(image, cancellation);
            }
            candidate = (await CandidateAsync())!;
            await builds.BuildAsync([candidate.Base], cancellation);
            var validator = new Validator(await engine.Value, await repository.Value, options.Say);
            verdicts.Keep(candidate, await validator.ValidateAsync(candidate, cancellation));
        }
    }

    /// <summary>Publishes the packages that passed.</summary>
    /// <exception cref="PipelineException">There is no verdict for them.</exception>
    public async Task<UploadSummary> PublishAsync()
    {
        if (await CandidateAsync() is { } candidate && verdicts.Find(candidate) is null)
        {
            throw new PipelineException("The packages have not passed validation: run `./build.sh Validate` first.");
        }
        var packages = await FilesAsync(ImageKind.Package);
        if (
            Manifest.Validation is not null
            && Architectures.All(each => each.Name != Platforms.EngineArchitecture)
            && packages.FirstOrDefault(RunsHere) is { } untried
        )
        {
            throw new PipelineException(
                $"{untried.FileName} has not been validated: it runs on {Platforms.EngineArchitecture}, whose dependencies were not chosen. Add {Platforms.EngineArchitecture} to --architectures."
            );
        }
        var published = await (await repository.Value).UploadAsync(packages, options.Say, cancellation);
        await RecordBuildsAsync(ImageKind.Package);
        return published;
    }

    /// <summary>Where the branch's packages are to be had, for the end of a run.</summary>
    public async Task<Uri> SourcesUrlAsync() => (await repository.Value).SourcesUrl;

    /// <summary>Says of each dependency and package whether and why it would be built, and what is wrong with the Dockerfiles. Builds nothing.</summary>
    public void Explain()
    {
        var explanation = new Explanation(store);
        foreach (var image in Images.Of(ImageKind.Dependency, ImageKind.Package))
        {
            foreach (var line in explanation.Of(image))
            {
                options.Say(line);
            }
        }
        Images.Images.SelectMany(Findings).Distinct().ToList().ForEach(options.Warn);
    }

    public BuildSummary Summary => builds.Summary;

    /// <summary>Says what became of each image.</summary>
    public void SaySummary()
    {
        foreach (
            var line in Summary.Lines(
                builds.Jobs,
                image => store.Find(image)?.Artifacts is { Count: > 0 } artifacts ? artifacts.Sum(artifact => artifact.Digests.Size) : null
            )
        )
        {
            options.Say(line);
        }
    }

    // Each Dockerfile once, however many architectures it is built for.
    List<string> Findings(Image image)
    {
        lock (inspected)
        {
            return image.Context is { } context && inspected.Add(context.Name) ? [.. lint.Findings(context)] : [];
        }
    }

    async Task BuildAsync(ImageKind kind)
    {
        await cached.AskAsync(Images.Images, cancellation);
        foreach (var image in Images.Of(kind))
        {
            if (cached.Find(image) is { } build)
            {
                builds.Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Cached, $"built for {build.Branch}"));
            }
        }
        await BuildAsync([.. Images.Of(kind).Where(image => cached.Find(image) is null)]);
    }

    async Task BuildAsync(IReadOnlyList<Image> images)
    {
        try
        {
            await builds.BuildAsync(images, cancellation);
        }
        catch (PipelineException failure)
        {
            // What was built is good all the same, and the engine may have been pruned by the time of the next run.
            await ExtractAsync([.. images.Where(image => image.HasArtifacts && builds.HasBuilt(image))], [failure]);
        }
    }

    /// <summary>Tells the server which builds made what it has now: the images', and for packages what their validation was of.</summary>
    async Task RecordBuildsAsync(ImageKind kind)
    {
        var claims = new List<(string Fingerprint, IReadOnlyList<PackageFile> Files)>();
        foreach (var image in Images.Of(kind))
        {
            claims.Add((image.Fingerprint.Value, await FilesAsync(image)));
        }
        if (kind == ImageKind.Package && await CandidateAsync() is { } candidate)
        {
            claims.Add((candidate.Fingerprint.Value, candidate.Packages));
        }
        await cached.RecordAsync((await repository.Value).Branch, claims, cancellation);
    }

    async Task ExtractAsync(ImageKind kind)
    {
        await ExtractAsync([.. Images.Of(kind).Where(image => cached.Find(image) is null)], []);
        if (options.VerifyReproducible)
        {
            await new Reproducibility(store, builds, extraction, () => engine.Value, options.Say).VerifyAsync(
                Images.Of(kind),
                cancellation
            );
        }
    }

    /// <summary>Keeps what comes out of each image, whatever is wrong with another.</summary>
    /// <exception cref="PipelineException">There were failures, of before or with one of these.</exception>
    async Task ExtractAsync(IReadOnlyList<Image> images, List<PipelineException> failures)
    {
        foreach (var image in images)
        {
            try
            {
                await extraction.ExtractAsync(image, cancellation);
            }
            catch (PipelineException failure)
            {
                Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Failed, failure.Message.Split('\n')[0].TrimEnd(':')));
                failures.Add(failure);
            }
            catch (Exception fault) when (DockerEngine.Explain(fault) is { } gone)
            {
                failures.Add(new PipelineException(gone, fault));
                break;
            }
        }
        if (failures.Count > 0)
        {
            SaySummary();
            throw failures.Count == 1
                ? failures[0]
                : new PipelineException(string.Join("\n\n", failures.Select(failure => failure.Message)), new AggregateException(failures));
        }
    }

    async Task<IReadOnlyList<PackageFile>> FilesAsync(ImageKind kind)
    {
        var files = new List<PackageFile>();
        foreach (var image in Images.Of(kind))
        {
            files.AddRange(await FilesAsync(image));
        }
        return Distinct(files);
    }

    async Task<IReadOnlyList<PackageFile>> FilesAsync(Image image) =>
        cached.Find(image) is { } build
            ? [.. build.Artifacts.Select(artifact => new PackageFile(null, artifact.FileName, artifact.Digests))]
            :
            [
                .. (await extraction.ExtractAsync(image, cancellation)).Artifacts.Select(artifact => new PackageFile(
                    store.PathOf(image, artifact),
                    artifact.FileName,
                    artifact.Digests
                )),
            ];

    // Packages for "all" may come out of the images of several architectures; they must be the same.
    static List<PackageFile> Distinct(List<PackageFile> files) =>
        [
            .. files
                .GroupBy(file => file.FileName)
                .Select(group =>
                    group.Select(file => file.Digests.Sha256).Distinct().Count() == 1
                        ? group.First()
                        : throw new PipelineException(
                            $"{group.Key} comes out of {group.Count()} images with different content: {string.Join(", ", group.Select(file => file.Path ?? "the server's"))}. Let one of them make it, or give it another name."
                        )
                ),
        ];

    static bool RunsHere(PackageFile file) =>
        DebFileName.Parse(file.FileName).Architecture is var architecture
        && (architecture.IsAll || architecture == Platforms.EngineArchitecture);

    /// <summary>Null where there is nothing to validate, or nothing to validate it by.</summary>
    async Task<Candidate?> CandidateAsync()
    {
        var packages = (await FilesAsync(ImageKind.Package)).Where(RunsHere).ToList();
        if (Manifest.Validation is null || packages.Count == 0 || Architectures.All(each => each.Name != Platforms.EngineArchitecture))
        {
            return null;
        }
        var dependencies = (await FilesAsync(ImageKind.Dependency)).Where(RunsHere).ToList();
        return new Candidate(Manifest, packages, dependencies, Images.Base(Manifest.Validation.Base));
    }

    async Task<RepositoryClient> OpenRepositoryAsync()
    {
        var place = PlaceOf(ConfiguredServer() ?? await options.StartServer(Manifest, cancellation));
        return await RepositoryClient.OpenAsync(place, options.Branch ?? CurrentBranch(), cancellation);
    }

    Uri? ConfiguredServer() => options.RepositoryUrl is { Length: > 0 } given ? AbsoluteUrl(given) : Manifest.Repository.Url;

    RepositoryAddress PlaceOf(Uri server) =>
        new(WithSlash(server), Manifest.Repository.Suite, Manifest.Repository.Component, options.Token) { Project = options.Project };

    string CurrentBranch()
    {
        if (!CommandLine.TryRead("git", ["-C", Manifest.Directory, "rev-parse", "--git-dir"], out _))
        {
            return Manifest.Repository.DefaultBranch;
        }
        return CommandLine.TryRead("git", ["-C", Manifest.Directory, "symbolic-ref", "--short", "HEAD"], out var branch)
            ? branch.Trim()
            : throw new PipelineException("No branch is checked out (HEAD is detached): name the one to publish to with --branch.");
    }

    IReadOnlyList<BuildArchitecture> ChooseArchitectures()
    {
        var known = Manifest.Architectures.Select(each => each.Name.ToString()).ToList();
        if (options.Architectures.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new PipelineException(
                $"--architectures: {Path.GetFileName(Manifest.File)} has no architecture '{unknown}'; {NearestWord.Suggestion(unknown, known)}"
            );
        }
        var chosen = Manifest
            .Architectures.Where(each =>
                options.Architectures.Count > 0
                    ? options.Architectures.Contains(each.Name.ToString())
                    : options.AllArchitectures || each.Name == Platforms.EngineArchitecture
            )
            .ToList();
        foreach (var architecture in chosen.Where(each => MissingImage(each) is not null).ToList())
        {
            var variable = MissingImage(architecture);
            if (options.Architectures.Count > 0)
            {
                throw new PipelineException(
                    $"--architectures: {architecture.Name} is built by a toolchain image that you supply: set {variable} to its name in the engine or a registry. "
                        + $"Its compiler is called as {architecture.Triplet}-gcc; docs/manifest.md says what else it must hold."
                );
            }
            skipped.Add((architecture, $"no toolchain image, set {variable}"));
            chosen.Remove(architecture);
        }
        return chosen;
    }

    /// <summary>The environment variable that should name the architecture's toolchain, and does not.</summary>
    string? MissingImage(BuildArchitecture architecture) =>
        Manifest.Toolchains.First(each => each.Name == architecture.Toolchain) is Toolchain.Supplied { Reference: null } supplied
            ? supplied.Variable
            : null;

    void SaySkipped(IEnumerable<(string Name, IReadOnlyList<Architecture> Architectures)> images)
    {
        foreach (var (name, architectures) in images.Where(each => options.Only.Count == 0 || options.Only.Contains(each.Name)))
        {
            foreach (
                var (architecture, reason) in skipped.Where(each =>
                    architectures.Count == 0 || architectures.Contains(each.Architecture.Name)
                )
            )
            {
                options.Say($"{name}/{architecture.Name} skipped: {reason}");
                builds.Summary.AddSkipped($"{name}/{architecture.Name}", reason);
            }
        }
    }

    static IEnumerable<Image> Foundations(Image image) =>
        image.Parents.Values.SelectMany(parent => Foundations(parent).Concat(parent.HasArtifacts ? [] : [parent]));

    static Uri AbsoluteUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url!
            : throw new PipelineException($"--repository-url: '{text}' is not an http or https address.");

    static Uri WithSlash(Uri url) => url.AbsolutePath.EndsWith('/') ? url : new Uri(url + "/");

    public void Dispose()
    {
        if (engine is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
        {
            engine.Value.Result.Dispose();
        }
    }
}
