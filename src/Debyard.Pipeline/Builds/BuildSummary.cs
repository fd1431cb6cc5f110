using System.Globalization;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Builds;

public enum ImageOutcomeKind
{
    Built,
    Unchanged,

    /// <summary>The repository server has its packages.</summary>
    Known,
}

/// <summary>What became of one image, and why.</summary>
/// <param name="Duration">Of its build; null where there was none.</param>
public sealed record ImageOutcome(Image Image, ImageOutcomeKind Kind, string Reason, TimeSpan? Duration = null);

/// <summary>What became of the images of a run, each once.</summary>
public sealed class BuildSummary
{
    readonly Dictionary<Image, ImageOutcome> outcomes = [];
    readonly List<(string Id, string Reason)> skipped = [];

    /// <summary>That an image was built stays, whatever is said of it later.</summary>
    public void Add(ImageOutcome outcome)
    {
        lock (outcomes)
        {
            if (outcome.Kind == ImageOutcomeKind.Built || !outcomes.ContainsKey(outcome.Image))
            {
                outcomes[outcome.Image] = outcome;
            }
        }
    }

    /// <summary>An image that cannot be built here.</summary>
    public void AddSkipped(string id, string reason) => skipped.Add((id, reason));

    public int Count(ImageOutcomeKind kind) => outcomes.Values.Count(outcome => outcome.Kind == kind);

    /// <summary>One line for each image, and one for all.</summary>
    /// <param name="sizeOf">Bytes of the image's packages; null where it has none.</param>
    public IEnumerable<string> Lines(Func<Image, long?> sizeOf)
    {
        if (outcomes.Count + skipped.Count == 0)
        {
            yield break;
        }
        var longest = outcomes.Keys.Select(image => image.Id).Concat(skipped.Select(each => each.Id)).Max(id => id.Length);
        foreach (var (image, kind, reason, duration) in outcomes.Values)
        {
            var took = duration is { } time ? string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds,8:0.0} s") : new string(' ', 10);
            var size = sizeOf(image) is { } bytes ? string.Create(CultureInfo.InvariantCulture, $"{bytes,14:N0} bytes") : new string(' ', 20);
            yield return $"{image.Id.PadRight(longest)}  {kind.ToString().ToLowerInvariant(),-9} {took} {size}  {reason}".TrimEnd();
        }
        var spent = TimeSpan.FromTicks(outcomes.Values.Sum(outcome => outcome.Duration?.Ticks ?? 0));
        var reused = Count(ImageOutcomeKind.Unchanged) + Count(ImageOutcomeKind.Known);
        foreach (var (id, reason) in skipped)
        {
            yield return $"{id.PadRight(longest)}  skipped   {reason}";
        }
        var leftOut = skipped.Count > 0 ? $", {skipped.Count} skipped" : "";
        yield return string.Create(CultureInfo.InvariantCulture,
            $"{outcomes.Count} images: {reused} reused, {Count(ImageOutcomeKind.Built)} built in {spent.TotalSeconds:0.0} s of building{leftOut}");
    }
}
