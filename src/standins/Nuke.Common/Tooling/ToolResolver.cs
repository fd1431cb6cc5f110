namespace Nuke.Common.Tooling;

/// <summary>A command-line tool as a method: <c>git($"log -1 {path}")</c>. Throws <see cref="ProcessException"/> by default.</summary>
public delegate IReadOnlyCollection<Output> Tool(
    ArgumentStringHandler arguments,
    string workingDirectory = null,
    IReadOnlyDictionary<string, string> environmentVariables = null,
    int? timeout = null,
    bool? logOutput = null,
    bool? logInvocation = null,
    Action<OutputType, string> logger = null,
    Action<IProcess> exitHandler = null
);

public static class ToolResolver
{
    public static Tool GetTool(string toolPath)
    {
        Assert.FileExists(toolPath);
        return (arguments, workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, exitHandler) =>
        {
            var process = ProcessTasks.StartProcess(
                toolPath,
                arguments,
                workingDirectory,
                environmentVariables,
                timeout,
                logOutput,
                logInvocation,
                logger
            );
            (exitHandler ?? (x => x.AssertZeroExitCode()))(process.AssertWaitForExit());
            return process.Output;
        };
    }

    public static Tool GetPathTool(string name) => GetTool(ToolPathResolver.GetPathExecutable(name));

    /// <summary>The tool that <c>NAME_EXE</c> points at, or null.</summary>
    public static Tool TryGetEnvironmentTool(string name) =>
        ToolPathResolver.TryGetEnvironmentExecutable($"{name.ToUpperInvariant()}_EXE") is { } path ? GetTool(path) : null;

    public static Tool GetEnvironmentOrPathTool(string name) => TryGetEnvironmentTool(name) ?? GetPathTool(name);
}

public static class ToolPathResolver
{
    public static string TryGetEnvironmentExecutable(string environmentExecutable)
    {
        var path = EnvironmentInfo.GetVariable(environmentExecutable);
        if (path != null)
            Assert.FileExists(path, $"Path '{path}' from environment variable '{environmentExecutable}' does not exist");
        return path;
    }

    public static string GetPathExecutable(string pathExecutable)
    {
        if (File.Exists(pathExecutable))
            return Path.GetFullPath(pathExecutable);
        var name = EnvironmentInfo.IsWin && !Path.HasExtension(pathExecutable) ? $"{pathExecutable}.exe" : pathExecutable;
        return EnvironmentInfo
            .GetVariable("PATH")
            .NotNullOrEmpty("PATH variable not available")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(x => Path.Combine(x, name))
            .FirstOrDefault(IsExecutable)
            .NotNull($"Could not find '{pathExecutable}' on the PATH.");
    }

    static bool IsExecutable(string path) =>
        File.Exists(path)
        && (
            OperatingSystem.IsWindows()
            || (File.GetUnixFileMode(path) & (UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute)) != 0
        );
}
