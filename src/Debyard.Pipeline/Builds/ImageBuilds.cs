using System.Diagnostics;
using Debyard.Pipeline.Artifacts;
using Debyard.Pipeline.Display;
using Debyard.Pipeline.Engine;
using Debyard.Pipeline.Images;
using Debyard.Pipeline.Masking;

namespace Debyard.Pipeline.Builds;

/// <summary>
/// Builds the images of a run that must be built, and no others. An image whose artifacts are kept is not built; the images it is
/// built from are needed only if it must be built.
/// </summary>
public sealed class ImageBuilds(
    ArtifactStore store,
    Func<Task<DockerEngine>> engine,
    BuildDurations durations,
    string outputFolder,
    SecretMask mask,
    Action<string> log
)
{
    readonly ImageBuilder builder = new(engine, outputFolder, mask);
    readonly HashSet<Image> inEngine = [];

    /// <summary>Images to build at the same time.</summary>
    public int Jobs { get; init; } = Environment.ProcessorCount;

    public AfterFailure AfterFailure { get; init; }

    /// <summary>Called for each image before it is built.</summary>
    public Action<Image> Inspect { get; init; } = _ => { };

    public required BuildDisplay Display { get; init; }

    /// <summary>The outcomes of all images so far.</summary>
    public BuildSummary Summary { get; } = new();

    /// <summary>Builds those of <paramref name="images"/> that must be built, after what they are built from.</summary>
    /// <exception cref="PipelineException">A build failed: its last lines, and the command to repeat it.</exception>
    public async Task BuildAsync(IReadOnlyList<Image> images, CancellationToken cancellation)
    {
        var wanted = new List<Image>();
        foreach (var image in images)
        {
            if (image.HasArtifacts && store.Find(image) is not null)
            {
                ReportUnchanged(image);
            }
            else if (image.IsFolder)
            {
                Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Built, "a folder is packed"));
            }
            else
            {
                wanted.Add(image);
            }
        }
        await ScheduleAsync(await FindMissingAsync(wanted, cancellation), cancellation);
    }

    /// <summary>Builds an image again under another name, without the engine's cache.</summary>
    /// <exception cref="PipelineException">A build failed.</exception>
    public async Task RebuildAsync(Image image, string reference, CancellationToken cancellation)
    {
        await ScheduleAsync(await FindMissingAsync([.. image.Parents.Values], cancellation), cancellation);
        log($"{image.Id} is being built again, without cache");
        await builder.RebuildAsync(image, reference, cancellation);
    }

    /// <summary>Whether this run has built the image or found it in the engine.</summary>
    public bool HasBuilt(Image image)
    {
        lock (inEngine)
        {
            return inEngine.Contains(image);
        }
    }

    /// <summary>Logs the outcome of each image, and the totals.</summary>
    public void LogSummary()
    {
        foreach (var line in Summary.Lines(Jobs, SizeOf))
        {
            log(line);
        }
    }

    long? SizeOf(Image image) =>
        store.Find(image)?.Artifacts is { Count: > 0 } artifacts ? artifacts.Sum(artifact => artifact.Digests.Size) : null;

    async Task ScheduleAsync(IReadOnlyList<Image> missing, CancellationToken cancellation)
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
                durations.EstimateFor,
                SharePrefix,
                BuildAsync,
                cancellation
            );
        }
        catch (PipelineException)
        {
            ReportNotBuilt(missing);
            throw;
        }
        finally
        {
            Summary.AddBuilding(clock.Elapsed);
            Display.Finish();
        }
    }

    // The steps of a Dockerfile before ARG TRIPLET are the same for all architectures. If one build runs them first, the others find
    // them in the engine's cache; builds that start at the same time all run them.
    static bool SharePrefix(Image first, Image second) => first.Context is { } context && context.Name == second.Context?.Name;

    /// <summary>The images that the engine lacks, of these and of all that they are built from; parents first.</summary>
    async Task<IReadOnlyList<Image>> FindMissingAsync(IReadOnlyList<Image> wanted, CancellationToken cancellation)
    {
        var missing = new List<Image>();
        var seen = new HashSet<Image>();
        async Task AddMissingAsync(Image image)
        {
            if (!seen.Add(image) || inEngine.Contains(image))
            {
                return;
            }
            if (await (await engine()).HasImageAsync(image, cancellation))
            {
                inEngine.Add(image);
                ReportUnchanged(image);
                return;
            }
            foreach (var parent in image.Parents.Values)
            {
                await AddMissingAsync(parent);
            }
            missing.Add(image);
        }
        foreach (var image in wanted)
        {
            await AddMissingAsync(image);
        }
        return missing;
    }

    async Task BuildAsync(Image image, CancellationToken cancellation)
    {
        var reason = ReasonFor(image);
        log($"{image.Id} is being built: {reason}");
        Inspect(image);
        using var buildLog = builder.OpenLog(image);
        Display.Begin(buildLog);
        try
        {
            await builder.BuildAsync(image, buildLog, cancellation);
        }
        catch (PipelineException failure)
        {
            buildLog.HasFailed = true;
            Summary.Add(ImageOutcome.Failed(image, failure, buildLog.Elapsed));
            throw;
        }
        finally
        {
            Display.Complete(buildLog);
        }
        lock (inEngine)
        {
            inEngine.Add(image);
        }
        if (!image.HasArtifacts)
        {
            // A record without artifacts still has the inputs, from which a later run tells what changed.
            await store.KeepAsync(image, _ => Task.FromResult<IReadOnlyList<Artifact>>([]));
        }
        durations.Remember(image, buildLog.Elapsed);
        Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Built, reason, buildLog.Elapsed));
        log($"{image.Id} built in {buildLog.Elapsed.TotalSeconds:0.0} s");
    }

    void ReportUnchanged(Image image)
    {
        Summary.Add(new ImageOutcome(image, ImageOutcomeKind.Unchanged, image.Fingerprint.Brief));
        log($"{image.Id} unchanged ({image.Fingerprint.Brief})");
    }

    void ReportNotBuilt(IReadOnlyList<Image> images)
    {
        foreach (var image in images.Where(image => Summary.Find(image) is null))
        {
            var failed = image.Parents.Values.FirstOrDefault(parent =>
                Summary.Find(parent) is { Kind: ImageOutcomeKind.Failed or ImageOutcomeKind.NotBuilt }
            );
            var reason = failed is null ? "not started after a failure" : $"needs {failed.Id}";
            Summary.Add(new ImageOutcome(image, ImageOutcomeKind.NotBuilt, reason));
        }
    }

    string ReasonFor(Image image) =>
        image.HasArtifacts && store.Find(image) is not null ? "the engine does not have it, and another image is built from it"
        : store.Latest(image) is not { } latest
            ? image.HasArtifacts ? "never built here"
                : "the engine does not have it"
        : image.Fingerprint.ChangedSince(latest.Inputs)
            ?? (image.HasArtifacts ? "its artifacts are missing" : "the engine does not have it");
}
