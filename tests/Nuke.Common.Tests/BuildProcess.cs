using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Debyard.Nuke.Tests;

/// <summary>Runs the sample build as a process in its own root directory, so the tests see what a user sees.</summary>
sealed partial class BuildProcess : IDisposable
{
    /// <summary>Variables that a build reads: without them the machine that runs the tests does not decide the result.</summary>
    public static readonly string[] Ambient =
    [
        "GITLAB_CI",
        "VSCODE_PID",
        "VSCODE_GIT_IPC_HANDLE",
        "TERMINAL_EMULATOR",
        "HOST",
        "TARGET",
        "PROFILE",
        "ROOT",
        "NUKE_ROOT",
    ];

    readonly TemporaryFolder root = new();
    readonly Dictionary<string, string> variables = new() { ["TERM"] = "dumb", ["NUKE_TELEMETRY_OPTOUT"] = "1" };

    public BuildProcess() => Directory.CreateDirectory(root[".nuke"]);

    public string Root => root.Path;
    public string this[string name] => root[name];

    public BuildProcess With(string variable, string value)
    {
        variables[variable] = value;
        return this;
    }

    public BuildProcess WithFile(string name, string content)
    {
        root.Write(name, content);
        return this;
    }

    public Outcome Run(params string[] arguments)
    {
        using var process = Start(arguments);
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new Outcome(process.ExitCode, Normalise(output), errors.Result);
    }

    public Process Start(params string[] arguments)
    {
        var configuration = new DirectoryInfo(AppContext.BaseDirectory).Name;
        var program = Path.Combine(AppContext.BaseDirectory, "..", "..", "SampleBuild", configuration, "SampleBuild");
        // A job started in the background ignores Ctrl-C, and its children inherit that.
        var start = new ProcessStartInfo("env", ["--default-signal=INT", Path.GetFullPath(program), .. arguments, "--no-logo"])
        {
            WorkingDirectory = root.Path,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in Ambient)
            start.Environment.Remove(name);
        foreach (var (name, value) in variables)
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return process;
    }

    public void Dispose() => root.Dispose();

    // Times and paths differ from run to run, stack traces between the package and its stand-in.
    public string Normalise(string output)
    {
        output = output
            .Replace("\u200b", "", StringComparison.Ordinal)
            .Replace('\u00a0', ' ')
            .Replace(root.Path, "ROOT", StringComparison.Ordinal);
        output = TimeOfDay().Replace(output, "hh:mm:ss [");
        output = OutcomeDate().Replace(output, "$1 DATE");
        output = Section().Replace(output, "$1:TIME:");
        return string.Concat(
            output.Split('\n').Where(line => !line.StartsWith("   at ", StringComparison.Ordinal)).Select(line => line + "\n")
        )[..^1];
    }

    [GeneratedRegex(@"^\d\d:\d\d:\d\d \[", RegexOptions.Multiline)]
    private static partial Regex TimeOfDay();

    [GeneratedRegex(@"(Build (?:succeeded|failed) on) [\d/]+ [\d:]+")]
    private static partial Regex OutcomeDate();

    [GeneratedRegex(@"(section_(?:start|end)):\d+:")]
    private static partial Regex Section();
}

/// <summary>The exit code and output of a run of the sample build.</summary>
sealed record Outcome(int ExitCode, string Output, string Errors)
{
    /// <summary>The messages of level information, in order.</summary>
    public string[] Messages =>
        [
            .. Output
                .Split('\n')
                .Where(line => line.StartsWith("hh:mm:ss [INF] ", StringComparison.Ordinal))
                .Select(line => line["hh:mm:ss [INF] ".Length..]),
        ];

    /// <summary>The summary's lines: target, status, remark.</summary>
    public IEnumerable<string> Summary =>
        Output
            .Split('\n')
            .SkipWhile(line => !line.StartsWith("Target  ", StringComparison.Ordinal))
            .Skip(2)
            .TakeWhile(line => !line.StartsWith('─'))
            .Select(line =>
                string.Join(' ', line.Replace("< 1sec", "", StringComparison.Ordinal).Split(' ', StringSplitOptions.RemoveEmptyEntries))
            );

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"exit {ExitCode}\n{Output}{Errors}");
}
