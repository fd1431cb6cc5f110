using Debyard.Debian;
using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Builds;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Repository;
using Debyard.Pipeline.Validation;

namespace Debyard.Pipeline;

/// <summary>
/// One run from manifest to published packages. Each step does its part and leaves the rest to the others; nothing is asked of
/// the engine or the server before a step needs it, so a run that changes nothing needs no engine at all.
/// </summary>
public sealed class PipelineRun : IDisposable
{
    readonly RunOptions options;
    readonly ArtifactStore store;
    readonly VerdictStore verdicts;
    readonly ImageBuilds builds;
    readonly Extraction extraction;
    readonly CancellationToken cancellation;
    readonly Lazy<Task<DockerEngine>> engine;
    readonly Lazy<Task<RepositoryClient>> repository;

    public PipelineRun(RunOptions options, CancellationToken cancellation)
    {
        (this.options, this.cancellation) = (options, cancellation);
        Manifest = ManifestReader.Read(options.ManifestFile);
        Architectures = ChooseArchitectures();
        Images = ImageGraph.For(Manifest, Architectures, options.Only, EngineArchitecture, new SourceHistory(Manifest.Directory, Manifest.File));
        engine = new(() => DockerEngine.ConnectAsync(cancellation));
        repository = new(OpenRepositoryAsync);
        store = new ArtifactStore(Path.Combine(options.OutputFolder, "artifacts"));
        verdicts = new VerdictStore(Path.Combine(options.OutputFolder, "validation"), TimeProvider.System);
        builds = new ImageBuilds(store, () => engine.Value, Path.Combine(options.OutputFolder, "logs"), options.Say) { Jobs = options.Jobs ?? Environment.ProcessorCount };
        extraction = new Extraction(store, () => engine.Value, options.Say);
    }

    public Manifest Manifest { get; }

    public IReadOnlyList<BuildArchitecture> Architectures { get; }

    public ImageGraph Images { get; }

    /// <summary>Debian's name for what this machine, and so its engine, runs.</summary>
    public static Architecture EngineArchitecture { get; } = Architecture.Parse(System.Runtime.InteropServices.RuntimeInformation.OSArchitecture switch
    {
        System.Runtime.InteropServices.Architecture.X64 => "amd64",
        System.Runtime.InteropServices.Architecture.Arm64 => "arm64",
        System.Runtime.InteropServices.Architecture.Arm => "armhf",
        var other => other.ToString().ToLowerInvariant(),
    });

    /// <summary>Bases and toolchains: all of them, or only those that something about to be built stands on.</summary>
    public Task BuildFoundationsAsync(bool all)
    {
        var foundations = Images.Of(ImageKind.Base, ImageKind.Toolchain).ToList();
        var stoodOn = Images.Of(ImageKind.Dependency, ImageKind.Package).Where(image => store.Find(image) is null).SelectMany(Foundations).ToHashSet();
        foreach (var idle in foundations.Where(image => !all && !stoodOn.Contains(image)))
        {
            options.Say($"{idle.Id} unchanged ({idle.Fingerprint.Brief}), nothing is to be built on it");
        }
        return builds.BuildAsync([.. foundations.Where(image => all || stoodOn.Contains(image))], cancellation);
    }

    public Task BuildDependenciesAsync() => builds.BuildAsync([.. Images.Of(ImageKind.Dependency)], cancellation);

    public Task ExtractDependenciesAsync() => ExtractAsync(ImageKind.Dependency);

    public async Task<UploadSummary> UploadDependenciesAsync() =>
        await (await repository.Value).UploadAsync(await FilesAsync(ImageKind.Dependency), options.Say, cancellation);

    public async Task BuildPackagesAsync()
    {
        await builds.BuildAsync([.. Images.Of(ImageKind.Package)], cancellation);
        await ExtractAsync(ImageKind.Package);
    }

    /// <summary>Installs and checks the packages, unless exactly these have passed before.</summary>
    public async Task ValidateAsync()
    {
        foreach (var other in Architectures.Where(each => each.Name != EngineArchitecture))
        {
            options.Say($"{other.Name}: validation not run, this engine runs {EngineArchitecture}");
        }
        if (await CandidateAsync() is not { } candidate)
        {
            options.Say(Manifest.Validation is null ? "the manifest has no 'validation': nothing is checked" : "nothing that could be checked here was chosen");
            return;
        }
        if (verdicts.Find(candidate) is { } verdict)
        {
            options.Say($"{string.Join(", ", candidate.Packages.Select(file => file.FileName))} passed {verdict.Checks} checks on {verdict.Passed:u}, unchanged since");
        }
        else
        {
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
        if (Manifest.Validation is not null && Architectures.All(each => each.Name != EngineArchitecture) && packages.FirstOrDefault(RunsHere) is { } untried)
        {
            throw new PipelineException(
                $"{untried.FileName} has not been validated: it runs on {EngineArchitecture}, whose dependencies were not chosen. Add {EngineArchitecture} to --architectures.");
        }
        return await (await repository.Value).UploadAsync(packages, options.Say, cancellation);
    }

    /// <summary>Where the branch's packages are to be had, for the end of a run.</summary>
    public async Task<Uri> SourcesUrlAsync() => (await repository.Value).SourcesUrl;

    public int Built => builds.Built;

    public int Unchanged => builds.Unchanged;

    async Task ExtractAsync(ImageKind kind)
    {
        foreach (var image in Images.Of(kind))
        {
            await extraction.ExtractAsync(image, cancellation);
        }
    }

    async Task<IReadOnlyList<LocalFile>> FilesAsync(ImageKind kind)
    {
        var files = new List<LocalFile>();
        foreach (var image in Images.Of(kind))
        {
            var record = await extraction.ExtractAsync(image, cancellation);
            files.AddRange(record.Artifacts.Select(artifact => new LocalFile(store.PathOf(image, artifact), artifact.FileName, artifact.Digests)));
        }
        return Distinct(files);
    }

    // Packages for "all" may come out of the images of several architectures; they must be the same.
    static List<LocalFile> Distinct(List<LocalFile> files) =>
    [
        .. files.GroupBy(file => file.FileName).Select(group => group.Select(file => file.Digests.Sha256).Distinct().Count() == 1 ? group.First()
            : throw new PipelineException($"{group.Key} comes out of {group.Count()} images with different content: {string.Join(", ", group.Select(file => file.Path))}.")),
    ];

    static bool RunsHere(LocalFile file) =>
        DebFileName.Parse(file.FileName).Architecture is var architecture && (architecture.IsAll || architecture == EngineArchitecture);

    /// <summary>Null where there is nothing to validate, or nothing to validate it by.</summary>
    async Task<Candidate?> CandidateAsync()
    {
        var packages = (await FilesAsync(ImageKind.Package)).Where(RunsHere).ToList();
        if (Manifest.Validation is null || packages.Count == 0 || Architectures.All(each => each.Name != EngineArchitecture))
        {
            return null;
        }
        var dependencies = (await FilesAsync(ImageKind.Dependency)).Where(RunsHere).ToList();
        return new Candidate(Manifest, packages, dependencies, Images.Base(Manifest.Validation.Base));
    }

    async Task<RepositoryClient> OpenRepositoryAsync()
    {
        var server = options.RepositoryUrl is { Length: > 0 } given ? AbsoluteUrl(given)
            : Manifest.Repository.Url ?? await options.StartServer(Manifest, cancellation);
        var place = new RepositoryPlace(WithSlash(server), Manifest.Repository.Suite, Manifest.Repository.Component, options.Token) { Project = options.Project };
        return await RepositoryClient.OpenAsync(place, options.Branch ?? CurrentBranch(), cancellation);
    }

    string CurrentBranch()
    {
        if (!CommandLine.TryRead("git", ["-C", Manifest.Directory, "rev-parse", "--git-dir"], out _))
        {
            return Manifest.Repository.DefaultBranch;
        }
        return CommandLine.TryRead("git", ["-C", Manifest.Directory, "symbolic-ref", "--short", "HEAD"], out var branch) ? branch.Trim()
            : throw new PipelineException("No branch is checked out (HEAD is detached): name the one to publish to with --branch.");
    }

    IReadOnlyList<BuildArchitecture> ChooseArchitectures()
    {
        var known = Manifest.Architectures.Select(each => each.Name.ToString()).ToList();
        if (options.Architectures.FirstOrDefault(name => !known.Contains(name)) is { } unknown)
        {
            throw new PipelineException($"--architectures: {Path.GetFileName(Manifest.File)} has no architecture '{unknown}'; {NearestWord.Suggestion(unknown, known)}");
        }
        return [.. Manifest.Architectures.Where(each => options.Architectures.Count > 0
            ? options.Architectures.Contains(each.Name.ToString())
            : options.AllArchitectures || each.Name == EngineArchitecture)];
    }

    static IEnumerable<Image> Foundations(Image image) => image.Parents.Values
        .SelectMany(parent => Foundations(parent).Concat(parent.HasArtifacts ? [] : [parent]));

    static Uri AbsoluteUrl(string text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https" ? url!
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
