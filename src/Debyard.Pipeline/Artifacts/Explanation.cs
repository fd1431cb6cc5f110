using System.Text.RegularExpressions;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Artifacts;

/// <summary>Why an image would be built or not: what differs from its last build, down to the file or the Dockerfile line.</summary>
public sealed partial class Explanation(ArtifactStore store)
{
    [GeneratedRegex(@"/Dockerfile:\d+$")]
    private static partial Regex DockerfileLine { get; }

    /// <summary>One line with the answer, then the changes; the changes of a parent are indented below it.</summary>
    public IEnumerable<string> Of(Image image)
    {
        if (store.Find(image) is { } kept)
        {
            var packages = kept.Artifacts.Count == 1 ? "1 package" : $"{kept.Artifacts.Count} packages";
            return [$"{image.Id} would not be built: no input changed, {packages} kept ({image.Fingerprint.Brief})"];
        }
        if (store.Latest(image) is not { } latest)
        {
            return [$"{image.Id} would be built: never built here"];
        }
        return latest.Fingerprint == image.Fingerprint.Value
            ? [$"{image.Id} would be built: its artifacts are missing"]
            : [$"{image.Id} would be built:", .. Changes(image, latest.Inputs, "  ")];
    }

    IEnumerable<string> Changes(Image image, IReadOnlyList<Input> earlier, string indent)
    {
        foreach (
            var change in image.Fingerprint.ChangesSince(earlier).DistinctBy(change => DockerfileLine.Replace(change.Source, "/Dockerfile"))
        )
        {
            yield return indent + Line(change);
            // The input of a parent is its build argument and its fingerprint.
            if (
                image.Parents.Values.FirstOrDefault(parent => parent.Id == change.Source) is { } parent
                && store.Earlier(parent, change.Before?.Split(' ')[^1] ?? "") is { } before
            )
            {
                foreach (var cause in Changes(parent, before.Inputs, indent + "  "))
                {
                    yield return cause;
                }
            }
        }
    }

    // Lines of Dockerfiles and arguments are shown; the content of files is only known by digest.
    static string Line(Change change) =>
        change switch
        {
            { Before: { } before, After: { } after } when IsText(change) =>
                $"{change.Source} changed: {Quoted(before)} is now {Quoted(after)}",
            { Before: null, After: { } added } when IsText(change) => $"{change.Source} is new: {Quoted(added)}",
            { Before: { } removed, After: null } when IsText(change) => $"{change.Source} is gone: {Quoted(removed)}",
            _ => change.ToString(),
        };

    static bool IsText(Change change) =>
        DockerfileLine.IsMatch(change.Source) || change.Source.StartsWith("argument ", StringComparison.Ordinal);

    static string Quoted(string text) =>
        text.Trim() is { Length: > 0 } trimmed ? $"\"{(trimmed.Length > 80 ? trimmed[..80] + "…" : trimmed)}\"" : "an empty line";
}
