using System.Text.RegularExpressions;

namespace Debyard.Pipeline.Validation.Installing;

/// <summary>What the output of apt, dpkg and debconf says.</summary>
public static partial class AptOutput
{
    // dpkg's messages: src/main/script.c and src/main/configure.c
    [GeneratedRegex(
        @"(?:installed|new|old) (?<package>\S+) package (?<script>\S+) script subprocess "
            + @"(?:returned error exit status (?<code>\d+)|was killed by signal \((?<signal>[^)]+)\))"
    )]
    private static partial Regex FailedScript { get; }

    [GeneratedRegex(@"Configuration file '(?<file>[^']+)'")]
    private static partial Regex ConffilePrompt { get; }

    // debconf-devel(7): questions of lower priority are not shown by default.
    [GeneratedRegex(@"debconf \(developer\): <-- INPUT (?:high|critical) (?<question>(?<package>[^/\s]+)/\S+)")]
    private static partial Regex Question { get; }

    [GeneratedRegex(@"^'(?<address>[^']+)' (?<file>\S+) \d+", RegexOptions.Multiline)]
    private static partial Regex Download { get; }

    // The epoch, as apt writes it in file names; Debyard's file names have none.
    [GeneratedRegex(@"_\d+%3a", RegexOptions.IgnoreCase)]
    private static partial Regex Epoch { get; }

    [GeneratedRegex(@"trying to overwrite '(?<file>[^']+)', which is also in package (?<package>\S+)")]
    private static partial Regex FileConflict { get; }

    /// <summary>Why apt failed, in one sentence; null if it did not.</summary>
    public static string? FindFailure(string output, long exitCode, string action, string command)
    {
        if (exitCode == 0)
        {
            return null;
        }
        if (output.Contains("end of file on stdin at conffile prompt", StringComparison.Ordinal))
        {
            var file = ConffilePrompt.Match(output).Groups["file"].Value;
            return $"The packages ask a question: dpkg asks which version of the configuration file {file} to keep, "
                + "because something other than the administrator has changed it";
        }
        if (FailedScript.Match(output) is { Success: true } script)
        {
            var end = script.Groups["code"] is { Success: true, Value: var code }
                ? $"exit code {code}"
                : $"signal {script.Groups["signal"]}";
            return $"The packages cannot be {action}: the {Short(script.Groups["script"].Value)} of {script.Groups["package"]} "
                + $"failed with {end}";
        }
        if (FileConflict.Match(output) is { Success: true } conflict)
        {
            return $"The packages cannot be {action}: {conflict.Groups["file"]} is also in the package {conflict.Groups["package"]}";
        }
        return $"The packages cannot be {action}: `{command}` exited with code {exitCode}";
    }

    /// <summary>The question that an administrator would have been asked; null if there was none.</summary>
    public static string? FindQuestion(string output, IReadOnlyList<string> packages) =>
        Question.Matches(output).FirstOrDefault(match => packages.Contains(match.Groups["package"].Value)) is { } match
            ? $"The packages ask a question: {match.Groups["question"]} of {match.Groups["package"]}. "
                + "Give it a default and a priority below high, or do not ask"
            : null;

    /// <summary>The lines of <c>--print-uris</c>, without files that are there already.</summary>
    public static IEnumerable<(string Address, string FileName)> Downloads(string output) =>
        Download
            .Matches(output)
            .Select(match => (match.Groups["address"].Value, Epoch.Replace(match.Groups["file"].Value, "_")))
            .Where(download =>
                download.Item1.Contains("://", StringComparison.Ordinal) && !download.Item1.StartsWith("file:", StringComparison.Ordinal)
            );

    /// <summary>The output without debconf's conversation.</summary>
    public static string Readable(string output) =>
        string.Join(
            '\n',
            output.Split('\n').Where(line => !line.StartsWith("debconf (developer):", StringComparison.Ordinal)).TakeLast(40)
        );

    /// <summary>The last lines, as messages show them.</summary>
    public static string Indented(string output) => string.Join('\n', Readable(output).Trim().Split('\n').Select(line => "  | " + line));

    /// <summary>A package's file name without its epoch, as apt names it in its cache.</summary>
    public static string WithoutEpoch(string fileName) => Epoch.Replace(fileName, "_");

    static string Short(string script) =>
        script switch
        {
            "pre-installation" => "preinst",
            "post-installation" => "postinst",
            "pre-removal" => "prerm",
            "post-removal" => "postrm",
            var other => $"{other} script",
        };
}
