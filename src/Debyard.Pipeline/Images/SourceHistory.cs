using System.Globalization;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Images;

/// <summary>When and in which commit something last changed.</summary>
/// <param name="Suffix">What makes a main package's version grow: <c>20261122101500.g3fa9c1d</c>.</param>
/// <param name="Epoch">Seconds since 1970, for <c>SOURCE_DATE_EPOCH</c>.</param>
public readonly record struct SourceState(string Suffix, string Epoch)
{
    // '+' sorts after the end of a version, so the suffixed one is newer than the bare one (Debian Policy 5.6.12).
    public string VersionOf(string version) => $"{version}+{Suffix}";
}

/// <summary>
/// Asks git for the last commit that touched what an image is made of. Commits elsewhere leave the version as it is, so an
/// unchanged package keeps its file. Uncommitted work is told apart by its content.
/// </summary>
public sealed class SourceHistory(string directory, string manifestFile)
{
    public SourceState Of(Image image)
    {
        var paths = Contexts(image).Append(Path.GetRelativePath(directory, manifestFile)).Distinct().ToList();
        var commit = Git(["log", "-1", "--format=%ct %h", "--abbrev=9", "--", .. paths]);
        if (commit is not { Length: > 0 })
        {
            return new SourceState($"0.{image.Fingerprint.Brief}", "0");
        }
        var (seconds, hash) = (long.Parse(commit.Split(' ')[0], CultureInfo.InvariantCulture), commit.Split(' ')[1]);
        var date = DateTimeOffset.FromUnixTimeSeconds(seconds).UtcDateTime.ToString("yyyyMMddHHmmss", CultureInfo.InvariantCulture);
        var isClean = Git(["status", "--porcelain", "--", .. paths]) is { Length: 0 };
        return new SourceState($"{date}.g{hash}" + (isClean ? "" : $".dirty.{image.Fingerprint.Brief}"), commit.Split(' ')[0]);
    }

    /// <summary>How many commits touched any of these paths; 0 where git knows nothing of them.</summary>
    public int Commits(IReadOnlyList<string> paths) =>
        int.TryParse(Git(["rev-list", "--count", "HEAD", "--", .. paths]), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : 0;

    static IEnumerable<string> Contexts(Image image) =>
        image.Parents.Values.SelectMany(Contexts).Concat(image.Context is { } context ? [context.Name] : []);

    // Null: no git, or no repository.
    string? Git(IReadOnlyList<string> arguments) =>
        CommandLine.TryRead("git", ["-C", directory, .. arguments], out var output) ? output.Trim() : null;
}
