using System.Globalization;
using Debyard.Pipeline.Processes;

namespace Debyard.Pipeline.Images;

/// <summary>The last commit that changed an image's sources.</summary>
/// <param name="Suffix">The part of a main package's version that grows with every commit: <c>20261122101500.g3fa9c1d</c>.</param>
/// <param name="Epoch">Seconds since 1970, for <c>SOURCE_DATE_EPOCH</c>.</param>
public readonly record struct SourceState(string Suffix, string Epoch)
{
    public DateTimeOffset Time => DateTimeOffset.FromUnixTimeSeconds(long.Parse(Epoch, CultureInfo.InvariantCulture));

    // '+' sorts after the end of a version, so the suffixed version is newer than the bare one (Debian Policy 5.6.12).
    public string VersionOf(string version) => $"{version}+{Suffix}";
}

/// <summary>
/// Asks git for the last commit that changed an image's sources. Other commits do not change the version, so an unchanged package
/// keeps its file. Uncommitted changes add the fingerprint to the version.
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

    /// <summary>The number of commits that changed any of these paths; 0 if git does not track them.</summary>
    public int Commits(IReadOnlyList<string> paths) =>
        int.TryParse(Git(["rev-list", "--count", "HEAD", "--", .. paths]), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : 0;

    static IEnumerable<string> Contexts(Image image) =>
        image
            .Parents.Values.SelectMany(Contexts)
            .Concat(image.Context is { } context ? [context.Name] : [])
            .Concat(image.Packing is { } packing ? packing.Section.Sources.Append(packing.Section.From ?? "").Select(Tracked) : [])
            .Where(path => path.Length > 0);

    // git would take a variable or a pattern for a name.
    static string Tracked(string source) =>
        source.IndexOfAny(['*', '?', '[', '$']) is >= 0 and var at
            ? source[..at].LastIndexOf('/') is > 0 and var slash
                ? source[..slash]
                : "."
            : source;

    // Null: git is not installed, or there is no git repository.
    string? Git(IReadOnlyList<string> arguments) =>
        CommandLine.TryRead("git", ["-C", directory, .. arguments], out var output) ? output.Trim() : null;
}
