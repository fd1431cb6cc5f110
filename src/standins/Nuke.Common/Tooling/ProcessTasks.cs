using System.Collections.Concurrent;
using System.Diagnostics;
using System.Text;
using Nuke.Common.Utilities;
using Serilog;
using Serilog.Events;

namespace Nuke.Common.Tooling;

public static class ProcessTasks
{
    public static bool DefaultLogOutput = true;
    public static bool DefaultLogInvocation = true;
    public static bool LogWorkingDirectory = true;
    public static string DefaultWorkingDirectory = EnvironmentInfo.WorkingDirectory;

    static readonly Lock oneInvocation = new();

    public static IProcess StartShell(
        string command,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null
    )
    {
        var (shell, option) = EnvironmentInfo.IsWin ? ("cmd", "/c") : ("bash", "-c");
        return StartProcess(
            ToolPathResolver.GetPathExecutable(shell),
            $"{option} {command.DoubleQuote()}",
            workingDirectory,
            environmentVariables,
            timeout,
            logOutput,
            logInvocation,
            logger,
            outputFilter
        );
    }

    /// <summary>Arguments with values in them: those with spaces are quoted, <c>{token:r}</c> is not logged.</summary>
    public static IProcess StartProcess(
        string toolPath,
        ArgumentStringHandler arguments,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null
    ) =>
        StartProcess(
            toolPath,
            arguments.ToStringAndClear(),
            workingDirectory,
            environmentVariables,
            timeout,
            logOutput,
            logInvocation,
            logger,
            arguments.GetFilter()
        );

    /// <param name="toolPath">A path, or a name to be found on the PATH.</param>
    /// <param name="arguments">The arguments, quoted as a command line.</param>
    /// <param name="workingDirectory">Where it runs.</param>
    /// <param name="environmentVariables">Its whole environment; null for ours.</param>
    /// <param name="timeout">Milliseconds before it is killed.</param>
    /// <param name="logOutput">Whether its output is logged: lines as they are as debug, errors as errors.</param>
    /// <param name="logInvocation">Whether the command is logged.</param>
    /// <param name="logger">Receives the lines instead of the log.</param>
    /// <param name="outputFilter">Removes secrets.</param>
    public static IProcess StartProcess(
        string toolPath,
        string arguments = null,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null
    )
    {
        Assert.NotNull(toolPath);
        if (!Path.IsPathRooted(toolPath) && !toolPath.Contains(Path.DirectorySeparatorChar))
            toolPath = ToolPathResolver.GetPathExecutable(toolPath);
        if (toolPath.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
        {
            arguments = $"{toolPath.DoubleQuoteIfNeeded()} {arguments}".TrimEnd();
            toolPath = ToolPathResolver.TryGetEnvironmentExecutable("DOTNET_EXE") ?? ToolPathResolver.GetPathExecutable("dotnet");
        }
        workingDirectory ??= DefaultWorkingDirectory;
        Assert.FileExists(toolPath);
        Assert.DirectoryExists(workingDirectory);

        var startInfo = new ProcessStartInfo(toolPath, arguments ?? "")
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        if (environmentVariables != null)
        {
            startInfo.Environment.Clear();
            foreach (var (name, value) in environmentVariables)
                startInfo.Environment[name] = value;
        }

        outputFilter ??= x => x;
        if (logInvocation ?? DefaultLogInvocation)
            LogInvocation(startInfo, outputFilter);
        return Start(startInfo, timeout, logOutput ?? DefaultLogOutput ? logger ?? DefaultLogger : null, outputFilter);
    }

    public static void DefaultLogger(OutputType type, string output)
    {
        // Braces in a tool's output are not placeholders.
        var template = output.Replace("{", "{{", StringComparison.Ordinal).Replace("}", "}}", StringComparison.Ordinal);
        Log.Write(type == OutputType.Std ? LogEventLevel.Debug : LogEventLevel.Error, template);
    }

    static ToolProcess Start(ProcessStartInfo startInfo, int? timeout, Action<OutputType, string> logger, Func<string, string> outputFilter)
    {
        var output = new ConcurrentQueue<Output>();
        var process = new Process { StartInfo = startInfo };
        process.OutputDataReceived += (_, e) => Receive(OutputType.Std, e.Data);
        process.ErrorDataReceived += (_, e) => Receive(OutputType.Err, e.Data);
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return new ToolProcess(process, timeout, outputFilter, output);

        void Receive(OutputType type, string line)
        {
            if (line == null)
                return;
            line = outputFilter(line);
            output.Enqueue(new Output { Type = type, Text = line });
            logger?.Invoke(type, line);
        }
    }

    static void LogInvocation(ProcessStartInfo startInfo, Func<string, string> outputFilter)
    {
        lock (oneInvocation)
        {
            Log.Information("> {ToolPath} {Arguments}", startInfo.FileName.DoubleQuoteIfNeeded(), outputFilter(startInfo.Arguments));
            if (LogWorkingDirectory)
            {
                var level = startInfo.WorkingDirectory != DefaultWorkingDirectory ? LogEventLevel.Information : LogEventLevel.Verbose;
                Log.Write(level, "@ {WorkingDirectory}", startInfo.WorkingDirectory);
            }
        }
    }
}
