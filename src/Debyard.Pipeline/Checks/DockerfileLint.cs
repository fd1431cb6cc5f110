using System.Text.RegularExpressions;
using Debyard.Pipeline.Dockerfiles;
using Debyard.Pipeline.Images;

namespace Debyard.Pipeline.Checks;

/// <summary>
/// Finds what makes builds slower than necessary or not reproducible. Each finding names its line and the remedy; a Dockerfile that
/// orders its layers well has none.
/// </summary>
public sealed partial class DockerfileLint(SourceHistory history)
{
    // Arguments whose values change with every commit to the product.
    static readonly string[] volatileArguments = ["VERSION", "SOURCE_DATE_EPOCH"];

    [GeneratedRegex(@"\b(apt-get|apt|aptitude)\b(?:\s+-\S+(?:\s+\S+::\S+)?)*\s+update\b")]
    private static partial Regex Update { get; }

    [GeneratedRegex(@"\b(?:apt-get|apt|aptitude)\b[^;&|]*?\s(?:install|build-dep)\b")]
    private static partial Regex Install { get; }

    [GeneratedRegex(
        @"\b(?:fetch-source|curl|wget|git\s+clone|(?:apt-get|apt)\b[^;&|]*?\ssource"
            + @"|(?:pip3?|npm|yarn|cargo|go|gem|dotnet)\s+(?:install|ci|fetch|restore|mod\s+download))\b"
    )]
    private static partial Regex Fetch { get; }

    [GeneratedRegex(
        @"(?:^|[\s;&|(])(?:make|ninja|cmake\s+--build|meson\s+compile|cargo\s+build|go\s+build|mvn|gradle"
            + @"|dotnet\s+(?:build|publish)|rebar3|\./configure|\./bootstrap)(?:\s|$)"
    )]
    private static partial Regex Compile { get; }

    [GeneratedRegex(
        @"\b(?:curl|wget)\b[^;&|]*https?://|\bgit\s+clone\b"
            + @"|\bpip3?\s+install\s+(?!-r\b|--requirement\b|\.)(?:-\S+\s+)*[A-Za-z][\w.-]*(?:\s|$)"
            + @"|\b(?:apt-get|apt)\b[^;&|]*?\ssource\s+(?:-\S+\s+)*[a-z0-9][a-z0-9+.-]*(?:\s|$)"
    )]
    private static partial Regex Unpinned { get; }

    // A digest is verified, or identifies what is fetched.
    [GeneratedRegex(@"\b(?:sha(?:256|384|512)sum|shasum|gpgv|gpg\s+--verify)\b|\b[0-9a-f]{40}\b|\b[0-9a-f]{64}\b")]
    private static partial Regex Digest { get; }

    /// <summary>The findings, as <c>file:line: what is wrong</c>, in the order of the lines.</summary>
    public IReadOnlyList<string> Findings(BuildContext context)
    {
        var stages = Stages(context.Dockerfile.Instructions);
        return
        [
            .. stages
                .SelectMany(stage => stage.SelectMany((instruction, at) => Of(context, stage, instruction, at)))
                .Concat(IgnoreFile(context))
                .OrderBy(finding => finding.Line)
                .Select(finding => $"{context.Dockerfile.Name}:{finding.Line}: {finding.Text}")
                .Distinct(),
        ];
    }

    IEnumerable<(int Line, string Text)> Of(
        BuildContext context,
        IReadOnlyList<DockerfileInstruction> stage,
        DockerfileInstruction instruction,
        int at
    )
    {
        var (line, text) = (instruction.Line, instruction.Text);
        if (instruction.Keyword == "RUN")
        {
            if (Update.IsMatch(text) && !Install.IsMatch(text))
            {
                yield return (
                    line,
                    "`apt-get update` and its install are in different RUNs: the cached package lists become outdated "
                        + "and the install fails; join them with && in one RUN."
                );
            }
            if (Unpinned.Match(text) is { Success: true } unpinned && !Digest.IsMatch(text))
            {
                yield return (
                    line,
                    $"an unpinned source ({unpinned.Value.Trim()}): pin its version, and verify its SHA-256 in the same RUN."
                );
            }
        }
        if (Reference(instruction, context.Dockerfile.Instructions) is { } reference)
        {
            yield return (line, reference);
        }
        var expensive = stage.Skip(at + 1).FirstOrDefault(IsExpensive);
        if (expensive is not null && instruction.Sources.Any(source => source is "." or "./" or "*" or "/"))
        {
            yield return (
                line,
                $"{instruction.Keyword} {text} copies the whole context before {Brief(expensive)} in line {expensive.Line}, "
                    + "which then runs again after any change: copy only what that step needs."
            );
        }
        else if (Volatile(context, stage, instruction, at) is { } unsteady)
        {
            yield return (line, unsteady);
        }
    }

    /// <summary>The finding if changes of this instruction repeat an expensive step that does not depend on it; else null.</summary>
    string? Volatile(BuildContext context, IReadOnlyList<DockerfileInstruction> stage, DockerfileInstruction instruction, int at)
    {
        // A stage that fetches its sources does not compile files of the context, unless a command names them.
        var after = stage.Skip(at + 1).Where(later => later.Keyword == "RUN").ToList();
        var fetchesItsSource = stage.Any(other => other.Keyword == "RUN" && Fetch.IsMatch(other.Text));
        bool IsRepeated(DockerfileInstruction run, IEnumerable<string> names) =>
            (Install.IsMatch(run.Text) || Fetch.IsMatch(run.Text) || (fetchesItsSource && Compile.IsMatch(run.Text)))
            && !after
                .TakeWhile(later => later.Line <= run.Line)
                .Any(later => names.Any(name => later.Text.Contains(name, StringComparison.Ordinal)));

        if (instruction.Keyword == "ARG" && volatileArguments.Contains(instruction.Text.Split('=', ' ')[0]))
        {
            var name = instruction.Text.Split('=', ' ')[0];
            return after.Find(run => IsExpensive(run) && IsRepeated(run, [name])) is { } repeated
                ? $"ARG {name} comes before {Brief(repeated)} in line {repeated.Line}, which does not use it "
                    + "but runs again with every new value: declare it after that step."
                : null;
        }
        if (instruction.Sources.Count == 0)
        {
            return null;
        }
        var names = instruction.Sources.Select(source => Path.GetFileName(source.TrimEnd('/'))).Where(name => name.Length > 0).ToList();
        if (after.Find(run => IsRepeated(run, names)) is not { } wasted)
        {
            return null;
        }
        var changes = history.Commits([.. instruction.Sources.Select(source => $"{context.Name}/{source.TrimStart('/')}")]);
        var steady = history.Commits([context.Dockerfile.Name]);
        return changes <= steady
            ? null
            : $"{instruction.Keyword} {instruction.Text} changed in {changes} commits, the Dockerfile in {steady}, "
                + $"and it comes before {Brief(wasted)} in line {wasted.Line}: copy it after that step.";
    }

    static IEnumerable<(int Line, string Text)> IgnoreFile(BuildContext context)
    {
        var sources = context
            .Dockerfile.Instructions.SelectMany(instruction => instruction.Sources)
            .Select(source => source.TrimStart('.', '/').TrimEnd('/'))
            .ToList();
        bool IsCopied(string file) =>
            sources.Any(source =>
                source.Length > 0
                && (file == source || file.StartsWith(source + "/", StringComparison.Ordinal) || source.AsSpan().ContainsAny("*?[$"))
            );
        var stray = context.HasIgnoreFile ? null : context.Files.FirstOrDefault(file => !IsCopied(file));
        return stray is null
            ? []
            :
            [
                (
                    1,
                    $"there is no .dockerignore: {stray} is sent to the engine and is part of the fingerprint, "
                        + "although nothing copies it by name; ignore everything but what is copied."
                ),
            ];
    }

    // Images of the manifest are passed as ARG and pinned by their fingerprints.
    static string? Reference(DockerfileInstruction instruction, IReadOnlyList<DockerfileInstruction> all)
    {
        if (instruction.Keyword == "ADD" && instruction.Text.Contains("://", StringComparison.Ordinal))
        {
            return instruction.Text.Contains("--checksum=", StringComparison.Ordinal)
                ? null
                : "an unpinned source (ADD of a URL): give its SHA-256 with --checksum=, or verify it in a RUN.";
        }
        if (instruction.Keyword != "FROM")
        {
            return null;
        }
        var image =
            instruction
                .Text.Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .FirstOrDefault(word => !word.StartsWith("--", StringComparison.Ordinal))
            ?? "";
        var name = image[(image.LastIndexOf('/') + 1)..];
        var isStage = all.Any(other =>
            other.Keyword == "FROM" && other.Line < instruction.Line && other.Text.EndsWith($" {image}", StringComparison.OrdinalIgnoreCase)
        );
        return
            isStage
            || image.Contains('$')
            || image == "scratch"
            || image.Contains('@')
            || (name.Contains(':') && !name.EndsWith(":latest", StringComparison.Ordinal))
            ? null
            : $"an unpinned source (FROM {image}): add a tag or a digest, or use a base of the manifest by ARG.";
    }

    static bool IsExpensive(DockerfileInstruction instruction) =>
        instruction.Keyword == "RUN"
        && (Install.IsMatch(instruction.Text) || Fetch.IsMatch(instruction.Text) || Compile.IsMatch(instruction.Text));

    static string Brief(DockerfileInstruction run) =>
        (
            Install.Match(run.Text) is { Success: true } install ? install
            : Fetch.Match(run.Text) is { Success: true } fetch ? fetch
            : Compile.Match(run.Text)
        ).Value.Trim(' ', ';', '&', '|', '(');

    static List<List<DockerfileInstruction>> Stages(IReadOnlyList<DockerfileInstruction> instructions)
    {
        var stages = new List<List<DockerfileInstruction>> { new() };
        foreach (var instruction in instructions)
        {
            if (instruction.Keyword == "FROM")
            {
                stages.Add([]);
            }
            stages[^1].Add(instruction);
        }
        return stages;
    }
}
