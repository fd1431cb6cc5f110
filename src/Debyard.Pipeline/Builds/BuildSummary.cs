using System.Globalization;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Builds;

public enum ImageOutcomeKind
{
    Built,
    Unchanged,

    /// <summary>The repository server has its packages.</summary>
    Cached,

    Failed,

    /// <summary>Not begun, because something else failed.</summary>
    Left,
}

/// <summary>What became of one image, and why.</summary>
/// <param name="Duration">Of its build; null where there was none.</param>
public sealed record ImageOutcome(Image Image, ImageOutcomeKind Kind, string Reason, TimeSpan? Duration = null);

/// <summary>What became of the images of a run, each once.</summary>
public sealed class BuildSummary
{
    readonly Dictionary<Image, ImageOutcome> outcomes = [];
    readonly List<(string Id, string Reason)> skipped = [];
    TimeSpan building;

    /// <summary>That an image was built, or failed, stays, whatever is said of it later.</summary>
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

    /// <summary>Null where nothing has become of the image yet.</summary>
    public ImageOutcome? Find(Image image)
    {
        lock (outcomes)
        {
            return outcomes.GetValueOrDefault(image);
        }
    }

    /// <summary>An image that cannot be built here.</summary>
    public void AddSkipped(string id, string reason) => skipped.Add((id, reason));

    /// <summary>Time by the clock in which images were built, several at a time.</summary>
    public void AddBuilding(TimeSpan time) => building += time;

    public int Count(ImageOutcomeKind kind) => outcomes.Values.Count(outcome => outcome.Kind == kind);

    /// <summary>
    /// The least that building these could have taken: the longest way through images that need one another, or all of the work
    /// shared by all jobs without a pause, whichever is longer.
    /// </summary>
    /// <param name="jobs">Images that may be built at the same time.</param>
    public TimeSpan LowerBound(int jobs)
    {
        var ways = new Dictionary<Image, TimeSpan>();
        TimeSpan Way(Image image)
        {
            if (!ways.TryGetValue(image, out var way))
            {
                ways[image] = way = image.Parents.Values.Select(Way).DefaultIfEmpty().Max() + DurationOf(image);
            }
            return way;
        }
        var longest = outcomes.Keys.Select(Way).DefaultIfEmpty().Max();
        return longest > Work / jobs ? longest : Work / jobs;
    }

    TimeSpan Work => TimeSpan.FromTicks(outcomes.Keys.Sum(image => DurationOf(image).Ticks));

    TimeSpan DurationOf(Image image) => outcomes.TryGetValue(image, out var outcome) ? outcome.Duration ?? TimeSpan.Zero : TimeSpan.Zero;

    /// <summary>One line for each image, and one for all.</summary>
    /// <param name="jobs">Images that were built at the same time.</param>
    /// <param name="sizeOf">Bytes of the image's packages; null where it has none.</param>
    public IEnumerable<string> Lines(int jobs, Func<Image, long?> sizeOf)
    {
        if (outcomes.Count + skipped.Count == 0)
        {
            yield break;
        }
        var longest = outcomes.Keys.Select(image => image.Id).Concat(skipped.Select(each => each.Id)).Max(id => id.Length);
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
            + Others(Count(ImageOutcomeKind.Left), "not built")
            + Others(skipped.Count, "skipped");
    }

    static string Word(ImageOutcomeKind kind) => kind == ImageOutcomeKind.Left ? "not built" : kind.ToString().ToLowerInvariant();

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
