using System.Globalization;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Builds;

public enum ImageOutcomeKind
{
    Built,
    Unchanged,

    /// <summary>The server's build cache has its packages.</summary>
    Cached,

    Failed,

    /// <summary>Not started, because another image failed.</summary>
    NotBuilt,
}

/// <summary>The outcome of one image, and the reason.</summary>
/// <param name="Duration">Of its build; null if it was not built.</param>
public sealed record ImageOutcome(Image Image, ImageOutcomeKind Kind, string Reason, TimeSpan? Duration = null)
{
    /// <summary>The reason is the first line of the failure's message.</summary>
    public static ImageOutcome Failed(Image image, PipelineException failure, TimeSpan? duration = null) =>
        new(image, ImageOutcomeKind.Failed, failure.Message.Split('\n')[0].TrimEnd(':'), duration);
}

/// <summary>The outcomes of the images of a run, one for each image.</summary>
public sealed class BuildSummary
{
    readonly Dictionary<Image, ImageOutcome> outcomes = [];
    readonly List<(string Id, string Reason)> skipped = [];
    TimeSpan building;

    /// <summary>Keeps the first outcome of an image, unless the new one is that it was built or failed.</summary>
    public void Add(ImageOutcome outcome)
    {
        lock (outcomes)
        {
            if (outcome.Kind is ImageOutcomeKind.Built or ImageOutcomeKind.Failed || !outcomes.ContainsKey(outcome.Image))
            {
                outcomes[outcome.Image] = outcome;
            }
        }
    }

    /// <summary>Null if the image has no outcome yet.</summary>
    public ImageOutcome? Find(Image image)
    {
        lock (outcomes)
        {
            return outcomes.GetValueOrDefault(image);
        }
    }

    /// <summary>Adds an image that cannot be built here.</summary>
    public void AddSkipped(string id, string reason) => skipped.Add((id, reason));

    /// <summary>Adds wall-clock time during which images were built.</summary>
    public void AddBuilding(TimeSpan time) => building += time;

    public int Count(ImageOutcomeKind kind) => outcomes.Values.Count(outcome => outcome.Kind == kind);

    /// <summary>
    /// The lower bound of the wall-clock build time: the critical path, or the total work divided by jobs, whichever is longer.
    /// </summary>
    /// <param name="jobs">Images that may be built at the same time.</param>
    public TimeSpan LowerBound(int jobs)
    {
        var paths = new Dictionary<Image, TimeSpan>();
        TimeSpan PathTo(Image image)
        {
            if (!paths.TryGetValue(image, out var path))
            {
                paths[image] = path = image.Parents.Values.Select(PathTo).DefaultIfEmpty().Max() + DurationOf(image);
            }
            return path;
        }
        var criticalPath = outcomes.Keys.Select(PathTo).DefaultIfEmpty().Max();
        return criticalPath > TotalWork / jobs ? criticalPath : TotalWork / jobs;
    }

    TimeSpan TotalWork => TimeSpan.FromTicks(outcomes.Keys.Sum(image => DurationOf(image).Ticks));

    TimeSpan DurationOf(Image image) => outcomes.TryGetValue(image, out var outcome) ? outcome.Duration ?? TimeSpan.Zero : TimeSpan.Zero;

    /// <summary>One line for each image, and one with the totals.</summary>
    /// <param name="jobs">Images that were built at the same time.</param>
    /// <param name="sizeOf">The size of the image's packages in bytes; null if it has none.</param>
    public IEnumerable<string> Lines(int jobs, Func<Image, long?> sizeOf)
    {
        if (outcomes.Count + skipped.Count == 0)
        {
            yield break;
        }
        var longest = outcomes.Keys.Select(image => image.Id).Concat(skipped.Select(image => image.Id)).Max(id => id.Length);
        foreach (var (image, kind, reason, duration) in outcomes.Values)
        {
            var took = duration is { } time
                ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds, 8:0.0} s")
                : new string(' ', 10);
            var size = sizeOf(image) is { } bytes
                ? string.Create(CultureInfo.InvariantCulture, $"{bytes, 14:N0} bytes")
                : new string(' ', 20);
            yield return $"{image.Id.PadRight(longest)}  {Word(kind), -9} {took} {size}  {reason}".TrimEnd();
        }
        foreach (var (id, reason) in skipped)
        {
            yield return $"{id.PadRight(longest)}  skipped   {reason}";
        }
        yield return $"{outcomes.Count} images: {Count(ImageOutcomeKind.Unchanged) + Count(ImageOutcomeKind.Cached)} reused, {Built(jobs)}"
            + Others(Count(ImageOutcomeKind.Failed), "failed")
            + Others(Count(ImageOutcomeKind.NotBuilt), "not built")
            + Others(skipped.Count, "skipped");
    }

    static string Word(ImageOutcomeKind kind) => kind == ImageOutcomeKind.NotBuilt ? "not built" : kind.ToString().ToLowerInvariant();

    string Built(int jobs) =>
        Count(ImageOutcomeKind.Built) is var built and > 0
            ? $"{built} built in {Clock(building)} (lower bound with {jobs} at a time: {Clock(LowerBound(jobs))})"
            : "0 built";

    static string Others(int count, string what) => count > 0 ? $", {count} {what}" : "";

    static string Clock(TimeSpan time) =>
        time.TotalSeconds < 60
            ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s")
            : string.Create(CultureInfo.InvariantCulture, $"{(int)time.TotalMinutes}:{time.Seconds:00}");
}
