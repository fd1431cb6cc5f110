using System.Diagnostics;
using System.Text;

namespace Debyard.Acceptance;

/// <summary>The compiled build as a process of its own, as a person in a terminal starts it: leader of its process group.</summary>
sealed class BuildProcess : IAsyncDisposable
{
    static readonly TimeSpan Patience = TimeSpan.FromMinutes(6);

    // Beside this assembly: output/dotnet/bin/<project>/<configuration>/.
    public static string Program =>
        Path.GetFullPath(
            Path.Combine(AppContext.BaseDirectory, "../../_build", new DirectoryInfo(AppContext.BaseDirectory).Name, "_build")
        );

    // What a runner tells its jobs must not tell a build that plays another machine.
    static readonly string[] OthersPrefixes = ["CI", "GITLAB", "NUKE", "DEBYARD", "DOTNET_", "MSBUILD"];

    readonly Stopwatch clock = Stopwatch.StartNew();
    readonly StringBuilder output = new();
    readonly Process process;
    readonly Task reading;

    BuildProcess(Process process)
    {
        this.process = process;
        reading = Task.WhenAll(ReadAsync(process.StandardOutput), ReadAsync(process.StandardError));
    }

    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public bool HasExited => process.HasExited;

    public static BuildProcess Start(
        string folder,
        string temporary,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    ) => Start(folder, temporary, environment, [Program, .. arguments], []);

    /// <summary>On a terminal of its own; what that is sent is the output.</summary>
    public static BuildProcess StartOnTerminal(
        string folder,
        string temporary,
        IReadOnlyDictionary<string, string> environment,
        params string[] arguments
    ) =>
        Start(
            folder,
            temporary,
            environment,
            [
                "script",
                "--quiet",
                "--return",
                "--command",
                string.Join(' ', arguments.Prepend(Program).Select(word => $"'{word}'")),
                "/dev/null",
            ],
            [("TERM", "xterm")]
        );

    static BuildProcess Start(
        string folder,
        string temporary,
        IReadOnlyDictionary<string, string> environment,
        string[] command,
        (string Name, string Value)[] more
    )
    {
        // A job started in the background ignores Ctrl-C, and its children inherit that.
        var start = new ProcessStartInfo("setsid", ["env", "--default-signal=INT,TERM", .. command])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (
            var name in start
                .Environment.Keys.Where(name =>
                    OthersPrefixes.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal)) && name != "DOTNET_ROOT"
                )
                .ToList()
        )
        {
            start.Environment.Remove(name);
        }
        start.Environment["TERM"] = "dumb";
        start.Environment["TMPDIR"] = temporary;
        foreach (var (name, value) in more.Concat(environment.Select(variable => (variable.Key, variable.Value))))
        {
            start.Environment[name] = value;
        }
        var process = Process.Start(start)!;
        process.StandardInput.Close();
        return new BuildProcess(process);
    }

    /// <summary>Waits until it has printed this.</summary>
    public Task SaysAsync(string text) =>
        Machine.Wait.UntilAsync(
            () =>
                Output.Contains(text, StringComparison.Ordinal)
                || (process.HasExited ? throw new InvalidOperationException($"It ended without saying '{text}':\n{Output}") : false),
            $"'{text}' in:\n{Output}"
        );

    /// <summary>Ctrl-C: the terminal sends SIGINT to the whole process group.</summary>
    public Task InterruptAsync() => Tool.RunAsync("kill", "-INT", "--", $"-{process.Id}");

    /// <summary>What a service manager sends, to the process alone.</summary>
    public Task TerminateAsync() => Tool.RunAsync("kill", "-TERM", "--", $"{process.Id}");

    /// <summary>What nothing can be done against.</summary>
    public Task KillAsync() => Tool.RunAsync("kill", "-KILL", "--", $"{process.Id}");

    public async Task<Outcome> EndAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            await DisposeAsync();
            Assert.Fail($"It did not end within {Patience.TotalMinutes:0} minutes:\n{Output}");
        }
        var duration = clock.Elapsed;
        await reading;
        return new Outcome(process.Id, process.ExitCode, Output, duration);
    }

    async Task ReadAsync(StreamReader reader)
    {
        while (await reader.ReadLineAsync() is { } line)
        {
            lock (output)
            {
                output.Append(line).Append('\n');
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (!process.HasExited)
        {
            await Tool.TryAsync("kill", "-KILL", "--", $"-{process.Id}");
            await process.WaitForExitAsync();
        }
        process.Dispose();
    }
}
