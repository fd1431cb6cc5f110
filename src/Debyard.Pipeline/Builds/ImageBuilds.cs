using System.Diagnostics;
using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Display;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Manifests;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Builds;

/// <summary>
/// Builds what has to be built, and nothing else. An image whose artifacts are kept needs neither to be built nor to be in the
/// engine; what it is built from is needed only where it is not kept.
/// </summary>
public sealed class ImageBuilds(
    ArtifactStore store,
    Func<Task<DockerEngine>> engine,
    BuildDurations durations,
    string outputFolder,
    Action<string> say
)
{
    /// <summary>Images to be built at the same time.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    public AfterFailure AfterFailure { get; init; }

    /// <summary>Looks at the Dockerfile of each image before it is built.</summary>
    public Action<Image> Inspect { get; init; } = _ => { };

    /// <summary>Shows what is being built.</summary>
    public required BuildDisplay Display { get; init; }

    /// <summary>What became of every image of the run, for its end.</summary>
    public BuildSummary Summary { get; } = new();

    readonly HashSet<Image> inEngine = [];
    readonly string logFolder = Path.Combine(outputFolder, "logs");

    /// <summary>Brings <paramref name="images"/> about, and says of each whether and why it was built.</summary>
    /// <exception cref="PipelineException">One failed: its last lines, and the command to see it again.</exception>
    public async Task BuildAsync(IReadOnlyList<Image> images, CancellationToken cancellation)
    {
        var wanted = new List<Image>();
        foreach (var image in images)
        {
            if (image.HasArtifacts && store.Find(image) is not null)
            {
                Unchanged(image);
            }
            else
            {
                wanted.Add(image);
            }
        }
        await RunAsync(await MissingAsync(wanted, cancellation), cancellation);
    }

    async Task RunAsync(IReadOnlyList<Image> missing, CancellationToken cancellation)
    {
        if (missing.Count == 0)
        {
            return;
        }
        Display.Plan(missing.Count);
        var clock = Stopwatch.StartNew();
        try
        {
            await new Scheduler(Jobs, AfterFailure).RunAsync(
                missing,
                image => [.. image.Parents.Values],
                durations.Of,
                BeginAlike,
                BuildAsync,
                cancellation
            );
        }
        catch (PipelineException)
        {
            foreach (var image in missing.Where(image => Summary.Find(image) is null))
            {
                var needed = image.Parents.Values.FirstOrDefault(parent =>
                    Summary.Find(parent) is { Kind: ImageOutcomeKind.Failed or ImageOutcomeKind.Left }
                );
                Summary.Add(
                    new ImageOutcome(
                        image,
                        ImageOutcomeKind.Left,
                        needed is null ? "nothing more was begun after a failure" : $"needs {needed.Id}"
                    )
                );
            }
            throw;
        }
        finally
        {
            Summary.AddBuilding(clock.Elapsed);
            Display.Finish();
        }
    }

    /// <summary>Builds an image once more, without the engine's cache, under another name.</summary>
    /// <exception cref="PipelineException">It failed.</exception>
    public async Task RebuildAsync(Image image, string reference, CancellationToken cancellation)
    {
        await RunAsync(await MissingAsync([.. image.Parents.Values], cancellation), cancellation);
        say($"{image.Id} is being built again, without the cache");
        using var log = new BuildLog(image, logFolder);
        await RunAsync(image, folder => DockerCli.Rebuild(image, folder, reference), log, cancellation);
    }

    /// <summary>True where the engine is known to have the image.</summary>
    public bool HasBuilt(Image image)
    {
        lock (inEngine)
        {
            return inEngine.Contains(image);
        }
    }

    /// <summary>What the engine lacks of these images and of all they are built from, parents first.</summary>
    async Task<IReadOnlyList<Image>> MissingAsync(IReadOnlyList<Image> wanted, CancellationToken cancellation)
    {
        var missing = new List<Image>();
        var seen = new HashSet<Image>();
        async Task Visit(Image image)
        {
            if (!seen.Add(image) || inEngine.Contains(image))
            {
                return;
            }
            if (await (await engine()).HasImageAsync(image, cancellation))
            {
                inEngine.Add(image);
                Unchanged(image);
                return;
            }
            foreach (var parent in image.Parents.Values)
            {
                await Visit(parent);
            }
            missing.Add(image);
        }
        foreach (var image in wanted)
        {
            await Visit(image);
        }
        return missing;
    }

    async Task BuildAsync(Image image, CancellationToken cancellation)
    {
        var reason = Reason(image);
        say($"{image.Id} is being built: {reason}");
        Inspect(image);
        using var log = new BuildLog(image, logFolder);
        Display.Begin(log);
        try
        {
            await BuildAsync(image, log, cancellation);
        }
        catch (PipelineException failure)
        {
            log.HasFailed = true;
            Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Failed, failure.Message.Split('\n')[0].TrimEnd(':'), log.Elapsed));
            throw;
        }
        finally
        {
            Display.Complete(log);
        }
        lock (inEngine)
        {
            inEngine.Add(image);
        }
        if (!image.HasArtifacts)
        {
            // Nothing to keep but what it was made of, to say later what changed.
            await store.KeepAsync(image, _ => Task.FromResult<IReadOnlyList<Artifact>>([]));
        }
        durations.Remember(image, log.Elapsed);
        Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Built, reason, log.Elapsed));
        say($"{image.Id} built in {log.Elapsed.TotalSeconds:0.0} s");
    }

    async Task BuildAsync(Image image, BuildLog log, CancellationToken cancellation)
    {
        switch (image.Base)
        {
            case BaseImage.Pulled pulled:
                await (await engine()).PullAsync(pulled.Reference, image, log.Write, cancellation);
                break;
            case BaseImage.Supplied supplied:
                await (await engine()).TagAsync(supplied.Id, image, cancellation);
                break;
            case BaseImage.Bootstrapped bootstrapped:
                await BootstrapAsync(image, bootstrapped, log, cancellation);
                break;
            default:
                await RunAsync(image, folder => DockerCli.Build(image, folder), log, cancellation);
                break;
        }
    }

    /// <summary>Runs a command on a copy of the image's context, so that what is built is what was fingerprinted.</summary>
    async Task RunAsync(Image image, Func<string, CommandLine> command, BuildLog log, CancellationToken cancellation)
    {
        // Beside the artifacts, not among the machine's temporary files: some clients see nothing of those.
        var folder = Path.Combine(outputFolder, "contexts", Path.GetRandomFileName());
        try
        {
            var copy = await Task.Run(() => image.Context!.CopyTo(folder), cancellation);
            await log.RunAsync(command(copy.Folder), command(image.Context!.Folder), cancellation);
        }
        finally
        {
            if (Directory.Exists(folder))
            {
                Directory.Delete(folder, recursive: true);
            }
        }
    }

    // What a Dockerfile does before it asks for TRIPLET is the same for all architectures. The engine keeps it once it is done; begun
    // at the same time, it would be done as often as there are architectures.
    static bool BeginAlike(Image one, Image other) => one.Context is { } context && context.Name == other.Context?.Name;

    void Unchanged(Image image)
    {
        Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Unchanged, image.Fingerprint.Brief));
        say($"{image.Id} unchanged ({image.Fingerprint.Brief})");
    }

    async Task BootstrapAsync(Image image, BaseImage.Bootstrapped @base, BuildLog log, CancellationToken cancellation)
    {
        var archive = Path.Combine(logFolder, $"{image.Name}.tar");
        try
        {
            await log.RunAsync(Bootstrap.Command(image, @base, archive), cancellation);
            await log.RunAsync(DockerCli.Import(image, archive), cancellation);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    string Reason(Image image) =>
        image.HasArtifacts && store.Find(image) is not null ? "the engine does not have it, and something is built on it"
        : store.Latest(image) is not { } latest
            ? image.HasArtifacts ? "never built here"
                : "the engine does not have it"
        : image.Fingerprint.ChangedSince(latest.Inputs) ?? (image.HasArtifacts ? "its artifacts are gone" : "the engine does not have it");
}
